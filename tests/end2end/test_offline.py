"""Without any network all is usable, and a check goes on when the network is there again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 200  # seconds, on a busy machine
ALONE = ["unshare", "--net"]
NEEDED = ("unshare", "ip", "dovecot")
MISSING = [
    name for name in NEEDED if shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin") is None
]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(bool(MISSING), reason=f"A network of its own needs {', '.join(MISSING)}."),
]


def test_a_check_waits_for_the_network_while_all_else_works(tmp_path: Path) -> None:
    if subprocess.run([*ALONE, "true"], check=False, timeout=PATIENCE).returncode:
        pytest.skip("This system allows no network of its own, which being offline needs.")
    done = subprocess.run(
        [*ALONE, sys.executable, "-m", "tests.end2end.without_network", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    offline = "you're offline; saved emails still work"
    assert said["status at the start"] == f"Mail not checked yet - {offline}"
    assert said["bands"] == ["You're offline. You can still open and diagnose saved emails."]
    assert said["status"] == f"Mail not checked yet - {offline}"
    assert said["bands after"] == []
    assert said["status after"].endswith("1 message looked at - works offline")
