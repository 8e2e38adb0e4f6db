"""The first run, walked through in a real window: an address, its servers, the first bounce."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

pytest.importorskip("jeepney", reason="The accessibility bus is asked through jeepney.")

from tests.end2end.accessibility_tree import Part, Tree
from tests.end2end.desktop import NEEDS_DESKTOP, PATIENCE, session, until
from tests.end2end.program import Program
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.names import running_dnsmasq
from tests.servers.submission import Submission, running_submission
from tests.ui.desks import BOUNCE

__all__ = ["session"]  # a fixture
pytestmark = NEEDS_DESKTOP
DOMAIN, NAMES_AT = "sunrise-homes.example", "127.0.0.53"
EMAIL = f"rosa@{DOMAIN}"
_SECRET = "text"
# Names are asked of a name server of the test's own, as the system's settings say.
START = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'


@pytest.fixture
def server(authority: Authority) -> Iterator[Dovecot]:
    certificate = authority.issue("first-run", host=f"imap.{DOMAIN}")
    with running_dovecot(authority, certificate) as running:
        now = datetime.now(UTC)
        running.put(EMAIL, BOUNCE.format(number=0).encode(), now)
        yield running


@pytest.fixture
def outgoing(authority: Authority) -> Iterator[Submission]:
    certificate = authority.issue("first-run-out", host=f"smtp.{DOMAIN}")
    with running_submission(certificate, str(authority.ca)) as running:
        yield running


@pytest.fixture
def names(server: Dovecot, outgoing: Submission, tmp_path: Path) -> Iterator[Path]:
    """The domain's servers as its names say; yields a resolv.conf that leads there."""
    records = [
        f"srv-host=_imaps._tcp.{DOMAIN},imap.{DOMAIN},{server.tls_port}",
        f"srv-host=_submissions._tcp.{DOMAIN},smtp.{DOMAIN},{outgoing.port}",
        f"address=/imap.{DOMAIN}/127.0.0.1",
        f"address=/smtp.{DOMAIN}/127.0.0.1",
    ]
    with running_dnsmasq(records, NAMES_AT, 53):
        file = tmp_path / "resolv.conf"
        file.write_text(f"nameserver {NAMES_AT}\noptions timeout:2\n")
        yield file


class Walk:
    """Presses and types what a person would, and takes a picture of every page."""

    def __init__(self, tree: Tree, display: str, folder: Path) -> None:
        self.tree, self._display, self._folder = tree, display, folder

    def see(self, name: str, role: str = "") -> Part:
        return until(lambda: [p for p in self.tree.find(name, role) if p.is_showing])

    def press(self, name: str) -> None:
        self.tree.press(self.see(name, "push button"))

    def write(self, name: str, text: str, role: str = "text") -> None:
        self.tree.write(self.see(name, role), text)

    def shoot(self, name: str) -> QImage:
        file = self._folder / f"{name}.png"
        if shutil.which("scrot"):
            environment = os.environ | {"DISPLAY": self._display}
            command = ["scrot", "--overwrite", str(file)]
            subprocess.run(command, env=environment, timeout=PATIENCE, check=True)
        return QImage(str(file))


@pytest.fixture
def walk(
    session: dict[str, str], names: Path, authority: Authority, tmp_path: Path
) -> Iterator[Walk]:
    program = Program(tmp_path / "home", authority.ca, session)
    program.home.mkdir()
    alone = ["unshare", "--mount", "--propagation", "private"]
    if subprocess.run([*alone, "true"], check=False, timeout=PATIENCE).returncode:
        pytest.skip("A name server of the test's own needs root.")
    running = subprocess.Popen(
        [*alone, "sh", "-c", START, "sh", str(names), sys.executable, "-m", "bounce_assistant"],
        env=program.environment,
        cwd=program.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    tree = Tree(session["DBUS_SESSION_BUS_ADDRESS"])
    pictures = Path(os.environ.get("PICTURES", tmp_path))
    yield Walk(tree, session["DISPLAY"], pictures)
    tree.close()
    with suppress(ProcessLookupError):
        running.kill()
    running.communicate(timeout=PATIENCE)


def test_from_an_address_to_the_first_bounce(
    walk: Walk, server: Dovecot, outgoing: Submission
) -> None:
    before = server.snapshot(EMAIL)
    walk.see("Drop in a bounce")
    walk.see("Look around with sample mail")
    walk.shoot("1-start")
    walk.press("Connect my email")
    walk.write("Email address", f"  Rosa@{DOMAIN.upper()} ")
    walk.write("Email address", EMAIL)
    walk.shoot("2-email")
    walk.press("Continue")
    walk.see("Password", _SECRET)
    walk.see(
        f"{DOMAIN} names imap.{DOMAIN} to read its mail and smtp.{DOMAIN} to send it. Your password"
        " goes to both."
    )
    walk.shoot("3-password")
    walk.write("Password", "wrong", _SECRET)
    walk.press("Sign in")
    wrong = f"imap.{DOMAIN} didn't accept that password for {EMAIL}."
    until(lambda: [p for p in walk.tree.parts() if p.name.startswith(wrong) and p.is_showing])
    walk.shoot("3b-wrong")
    walk.write("Password", f"{PASSWORD} ", _SECRET)
    walk.press("Sign in")
    space = "There is a space before or after it, which may have been copied along."
    until(lambda: [p for p in walk.tree.parts() if space in p.name and p.is_showing])
    walk.shoot("3c-space")
    walk.write("Password", PASSWORD, _SECRET)
    walk.press("Sign in")
    walk.see("Connect and look for bounces", "push button")
    walk.see(f"{EMAIL}\nReading works. Sending works, through smtp.{DOMAIN}.")
    assert (outgoing.signed_in, outgoing.refused, outgoing.received) == ([EMAIL], [], [])
    walk.shoot("4-reading")
    walk.press("Connect and look for bounces")
    bounce = "person0@example.net, This address doesn't exist, "
    until(lambda: [p for p in walk.tree.parts() if p.name.startswith(bounce)])
    walk.see("Why we think so", "text")
    walk.shoot("5-first-bounce")
    assert server.snapshot(EMAIL) == before
