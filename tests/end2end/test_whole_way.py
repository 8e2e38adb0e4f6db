"""From a bounce in an inbox to the email in another one, through the window, from outside it."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bounce_assistant.store import open_store
from bounce_assistant.store.settings import Settings
from tests.end2end.program import Program
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.submission import Submission
from tests.unit.services.notices import bounce

pytest.importorskip("jeepney", reason="The accessibility bus is asked through jeepney.")

from tests.end2end.accessibility_tree import Part, Tree
from tests.end2end.desktop import NEEDS_DESKTOP, PATIENCE, session, until

TOOLS = ("gnome-keyring-daemon", "scrot")
LACKING = [tool for tool in TOOLS if shutil.which(tool) is None]
UNLOCK = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
pytestmark = [
    *NEEDS_DESKTOP,
    pytest.mark.skipif(bool(LACKING), reason=f"The whole way needs {', '.join(LACKING)}."),
]
__all__ = ["session"]  # a fixture


@pytest.fixture
def post(dovecot: Dovecot, submission: Submission) -> Iterator[Submission]:
    """Deliver what the sending server takes into the mailboxes of its readers."""
    ended, seen = threading.Event(), 0

    def deliver() -> None:
        nonlocal seen
        while not ended.wait(0.1):
            for one in submission.received[seen:]:
                seen += 1
                for recipient in one.recipients:
                    user = recipient.partition("@")[0]
                    dovecot.put(user, one.raw, datetime.now(UTC))

    carrier = threading.Thread(target=deliver)
    carrier.start()
    yield submission
    ended.set()
    carrier.join(PATIENCE)


@pytest.fixture
def program(
    session: dict[str, str],
    dovecot: Dovecot,
    post: Submission,
    tmp_path: Path,
) -> Program:
    """Return the program with an account that reads and sends; its password is in a keychain."""
    more = {**session, "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
    made = Program(tmp_path / "home", Path(post.ca), more)
    made.home.mkdir()
    subprocess.run(["sh", "-c", UNLOCK], env=made.environment, timeout=PATIENCE, check=True)
    servers = {"imap": dovecot.tls_port, "smtp": post.port}
    words = ["accounts", "add", "agent@example.com", "--username", "agent", "--password-stdin"]
    for kind, port in servers.items():
        words += [f"--{kind}-host", "localhost", f"--{kind}-port", str(port)]
        words += [f"--{kind}-security", "tls"]
    done = made.run(words, typed=f"{PASSWORD}\n")
    assert done.code == 0, done.err
    return made


def shot(program: Program, file: Path) -> None:
    subprocess.run(
        ["scrot", "--overwrite", str(file)],
        env=program.environment,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("theme", ["light"])  # "dark" for its pictures; it takes half a minute
def test_a_bounced_email_arrives_after_all(
    program: Program, dovecot: Dovecot, post: Submission, theme: str, tmp_path: Path
) -> None:
    reader = f"whole-{theme}"
    dovecot.put("agent", bounce("dana@example.net", name="Dana Reyes"), datetime.now(UTC))
    with open_store(program.data / "bounces.sqlite3") as store:
        store.settings.save(Settings(theme=theme))
    running = program.start()
    tree = Tree(program.environment["DBUS_SESSION_BUS_ADDRESS"])
    try:
        walk(tree, program, f"{reader}@example.org", tmp_path)
        folder = dovecot.folder(reader) / "new"
        arrived = [file.read_bytes() for file in folder.iterdir()]
    finally:
        tree.close()
        with suppress(ProcessLookupError):
            running.kill()
        running.communicate(timeout=PATIENCE)
    assert len(arrived) == 1
    assert f"<{reader}@example.org>".encode() in arrived[0]
    assert b"Open house on Saturday" in arrived[0]
    assert len(post.received) == 1
    assert sorted(file.name for file in tmp_path.glob("*.png")) == [
        "1-card.png",
        "2-address.png",
        "3-review.png",
        "4-undo.png",
        "5-waiting.png",
    ]


def walk(tree: Tree, program: Program, address: str, pictures: Path) -> None:
    """Go the way of a person: check, fix the address, review, send, look at what became of it."""

    def showing(name: str, role: str = "push button") -> Part:
        return until(lambda: [p for p in tree.find(name, role) if p.is_showing])

    tree.press(showing("Check now"))
    start = showing("Fix the address...")
    shot(program, pictures / "1-card.png")
    tree.press(start)
    tree.write(showing("Email address", "text"), address)
    shot(program, pictures / "2-address.png")
    tree.press(showing("Use this address"))
    send = showing("Send to 1 person")
    shot(program, pictures / "3-review.png")
    tree.press(send)
    showing("Undo")
    shot(program, pictures / "4-undo.png")
    tree.press(showing("See what's waiting"))
    until(lambda: [p for p in tree.parts() if "Waiting - no bounce so far" in p.name])
    shot(program, pictures / "5-waiting.png")
