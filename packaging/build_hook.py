"""Puts what is made of the data files into the wheel: the first start is as quick as all others.

Where the libraries that make it aren't there, the wheel goes without: each user's first start makes
it then, and keeps it in his cache.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_MAKE = (
    "import sys, pathlib, bounce_assistant.services.knowledge as knowledge;"
    " knowledge.keep_all(pathlib.Path(sys.argv[1]))"
)
_PLACE = "bounce_assistant/_resources/compiled"
_LIMIT = 600  # seconds


class CompiledData(BuildHookInterface[Any]):
    """Called by hatchling as it makes a wheel."""

    PLUGIN_NAME = "custom"
    _made: "tempfile.TemporaryDirectory[str] | None" = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; an editable install uses the checkout and has no place for them."""
        if version == "editable":
            return
        self._made = tempfile.TemporaryDirectory()
        folder = Path(self._made.name)
        # The same seed each time, so that the same files make the same wheel.
        environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", _MAKE, str(folder)]
        done = subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            timeout=_LIMIT,
            check=False,
            capture_output=True,
        )
        if done.returncode:
            print("The wheel goes without compiled data: its first start will be slower.")
            return
        for file in sorted(folder.glob("*.msgpack")):
            file.chmod(0o644)
            build_data["force_include"][str(file)] = f"{_PLACE}/{file.name}"

    def finalize(self, *_: object) -> None:
        """Remove what is in the wheel by now."""
        if self._made is not None:
            self._made.cleanup()
