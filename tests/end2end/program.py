"""The program as its own process, with a home of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Program:
    """``data`` is where its database lives; nothing of the person running the tests is seen."""

    home: Path
    ca: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "data" / "bounce-assistant"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "SSL_CERT_FILE": str(self.ca),
            "LANG": "C.UTF-8",
            **self.more,
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command; the caller talks to it and waits for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "bounce_assistant", *words],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, words: Sequence[str], *, typed: str = "", seconds: float = 120) -> Done:
        """Run a command to its end, with something on its standard input."""
        process = self.start(*words)
        out, err = process.communicate(typed, timeout=seconds)
        return Done(process.returncode, out, err)
