"""What every test lives in: no network but loopback, folders of its own, no screen."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

XDG_FOLDERS = ("DATA_HOME", "CONFIG_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR")
pytest_plugins = [
    "tests.servers.certificates",
    "tests.servers.authorisation",
    "tests.servers.dovecot",
    "tests.servers.nsd",
    "tests.servers.submission",
]
settings.register_profile("steady", deadline=None, database=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    """Run before Qt or a module of ours is imported, so that none sees the person's own folders."""
    settings.load_profile("steady")
    home = Path(tempfile.mkdtemp(prefix="bounce-assistant-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for folder in XDG_FOLDERS:
        (home / folder.lower()).mkdir(mode=0o700)
        os.environ[f"XDG_{folder}"] = str(home / folder.lower())
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def is_local(host: object) -> bool:
    """Tell whether a host, as given to socket functions, is this machine's loopback."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Have every connection and look-up beyond this machine end the test that tries it.

    Raises AssertionError, which no code of ours takes for a broken line. Names below ``.invalid``
    are answered as a resolver must (RFC 6761, section 6.4): there is no such host.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded_connect(getattr(socket.socket, name)))
        patch.setattr(socket.socket, "sendto", _guarded_send(socket.socket.sendto))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, name, _guarded_look_up(getattr(socket, name)))
        yield


def _refuse_beyond_loopback(connection: socket.socket, address: Any) -> None:
    is_inet = connection.family in (socket.AF_INET, socket.AF_INET6)
    if is_inet and not is_local(address[0]):
        raise AssertionError(f"A test tried to reach {address}; only loopback is allowed.")


def _guarded_connect(real: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        _refuse_beyond_loopback(self, address)
        return real(self, address)

    return connect


def _guarded_send(real: Callable[..., Any]) -> Callable[..., Any]:
    def sendto(self: socket.socket, data: Any, *flags_and_address: Any) -> Any:
        _refuse_beyond_loopback(self, flags_and_address[-1])
        return real(self, data, *flags_and_address)

    return sendto


def _guarded_look_up(real: Callable[..., Any]) -> Callable[..., Any]:
    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if str(host).rstrip(".").endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not is_local(host):
            raise AssertionError(f"A test tried to look up {host}; only loopback is allowed.")
        return real(host, *args, **kwargs)

    return look_up
