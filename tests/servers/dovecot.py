"""A real Dovecot on loopback with TLS, for as long as a test session lasts."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bounce_assistant.mail.accounts import Account
from tests.servers.certificates import Authority, Certificate
from tests.servers.ports import free_port, is_open

PASSWORD = "secret"
COMPRESS = "protocol imap {\n  mail_plugins = imap_zlib\n}"
_NUMBERS = count()  # Dovecot numbers new mail by file name
_CLOSING = 1.0  # seconds at most for what Dovecot does after a sign-out

_CONF = """
base_dir = {home}/run
state_dir = {home}/state
protocols = imap
listen = 127.0.0.1
log_path = {home}/dovecot.log
mail_location = maildir:{home}/mail/%u/Maildir
mail_uid = {user}
mail_gid = {group}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 0
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login{token_mechanisms}
{token_passdb}passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    special_use = \\Junk
  }}
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
  chroot =
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{more}
"""


_TOKEN_PASSDB = """passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf.ext
}}
"""
_TOKENS = """introspection_mode = post
introspection_url = {url}
active_attribute = active
active_value = true
username_attribute = username
username_format = %u
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server. Every user name exists, with one password."""

    home: Path
    port: int  # STARTTLS
    tls_port: int
    ca: Path

    def account(self, user: str, *, security: str = "tls") -> Account:
        """Return the account of a user; it is not stored anywhere."""
        return Account(
            id=1,
            email=f"{user}@example.com",
            imap_host="localhost",
            imap_port=self.tls_port if security == "tls" else self.port,
            imap_security="tls" if security == "tls" else "starttls",
            smtp_host="",
            smtp_port=0,
            smtp_security="tls",
            username=user,
        )

    def folder(self, user: str, name: str = "INBOX") -> Path:
        """Return the Maildir of a folder, made if need be."""
        path = self.home / "mail" / user / "Maildir"
        if name != "INBOX":
            path = path / f".{name}"
        for part in ("tmp", "new", "cur"):
            _make(path / part)
        return path

    def put(self, user: str, raw: bytes, when: datetime, *, folder: str = "INBOX") -> Path:
        """Lay a message into a folder, unseen, as if it arrived then."""
        maildir = self.folder(user, folder)
        if (maildir / "dovecot-uidlist").exists():
            self._see_off(user)
        path = maildir / "new" / f"{int(when.timestamp())}.{next(_NUMBERS):09d}.test"
        path.write_bytes(raw)
        os.utime(path, (when.timestamp(), when.timestamp()))
        _own(path)
        return path

    def _see_off(self, user: str) -> None:
        """Wait a little until Dovecot is done with who signed out of this mailbox.

        STATUS says nothing of mail that comes while it still closes the mailbox.
        """
        until = time.monotonic() + _CLOSING
        while time.monotonic() < until:
            log = (self.home / "dovecot.log").read_text(errors="replace")
            ended = re.findall(rf"imap\({user}\)<.*\bout=", log)
            if log.count(f"Login: user=<{user}>") <= len(ended):
                return
            time.sleep(0.01)

    def snapshot(self, user: str) -> dict[str, bytes]:
        """Return every file of a user's mail with its bytes; flags are part of the names."""
        root = self.home / "mail" / user
        files = (path for path in sorted(root.rglob("*")) if path.parent.name in ("new", "cur"))
        return {str(path.relative_to(root)): path.read_bytes() for path in files}

    def bytes_sent(self, user: str, connections: int) -> list[int]:
        """Return how many bytes each of a user's first connections got; waits for their end."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            log = (self.home / "dovecot.log").read_text(errors="replace")
            found = re.findall(rf"imap\({user}\)<.*\bout=(\d+)", log)
            if len(found) >= connections:
                return [int(n) for n in found]
        raise AssertionError(f"{user} has fewer than {connections} connections behind him")


@contextmanager
def running_dovecot(
    authority: Authority, certificate: Certificate, *, introspection: str = "", more: str = ""
) -> Iterator[Dovecot]:
    """Run a server with a certificate; skips the test where that can't be done.

    ``introspection``: an address that says whose an access token is (RFC 7662); tokens are then
    taken beside passwords. ``more`` is further configuration, such as COMPRESS.
    """
    if shutil.which("dovecot") is None:
        pytest.skip("Dovecot isn't installed; Debian calls it dovecot-imapd.")
    # Not below pytest's own folder: each new pytest closes that to Dovecot's users.
    with TemporaryDirectory(prefix="bounce-assistant-dovecot-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        process, server = _start(home, certificate, authority.ca, introspection, more)
        try:
            yield server
        finally:
            _stop(process)


def _start(
    home: Path, certificate: Certificate, ca: Path, introspection: str, more: str
) -> tuple[subprocess.Popen[bytes], Dovecot]:
    """Start a server in a folder of its own; returns once it answers."""
    _make(home / "mail")
    (home / "oauth2.conf.ext").write_text(_TOKENS.format(url=introspection))
    said = b""
    for _ in range(3):  # a free port may be taken the moment after
        server = Dovecot(home, free_port(), free_port(), ca)
        (home / "dovecot.conf").write_text(
            _CONF.format(
                home=home,
                cert=certificate.cert,
                key=certificate.key,
                password=PASSWORD,
                token_mechanisms=" xoauth2 oauthbearer" if introspection else "",
                token_passdb=_TOKEN_PASSDB.format(home=home) if introspection else "",
                port=server.port,
                tls_port=server.tls_port,
                more=more,
                **_owners(home),
            )
        )
        process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(home / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if _answers(process, server):
            return process, server
        said = _stop(process)
    pytest.fail(f"Dovecot is installed and doesn't start: {said.decode(errors='replace')[:300]}")


def _answers(process: subprocess.Popen[bytes], server: Dovecot) -> bool:
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        if is_open(server.port) and is_open(server.tls_port):
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> bytes:
    """End a server; return what it complained about."""
    process.terminate()
    try:
        return process.communicate(timeout=10)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[1]


@pytest.fixture(scope="session")
def dovecot(authority: Authority) -> Iterator[Dovecot]:
    with running_dovecot(authority, authority.issue("dovecot")) as server:
        yield server


def _make(folder: Path) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for part in missing:
        _own(part)


def _own(path: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(path, "mail", "mail")


def _owners(home: Path) -> dict[str, str]:
    """Dovecot's processes run as others when root starts them, else as whoever runs the tests."""
    if os.getuid() == 0:
        return {"user": "mail", "group": "mail", "login_user": "nobody"}
    return {"user": home.owner(), "group": home.group(), "login_user": home.owner()}
