"""Finds the system packages a command lacks: root gets them installed, others the line to type."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# Debian's package -> what shows that it is there: a library, a program or a file.
WINDOW = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libglib2.0-0": "libglib-2.0.so.0",
    "fonts-dejavu-core": "font",
}
DISPLAY = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
}
SERVERS = {
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "nsd": "nsd",
    "xvfb": "Xvfb",
    "gnome-keyring": "gnome-keyring-daemon",
    "dbus": "dbus-run-session",
    "openssl": "openssl",
    "dnsmasq-base": "dnsmasq",
    "xdotool": "xdotool",
    "at-spi2-core": "/usr/libexec/at-spi2-registryd",
    "scrot": "scrot",
    "trayer": "trayer",
    "iproute2": "ip",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
POLICY = Path("/usr/sbin/policy-rc.d")
APT_GET_INSTALL = ["apt-get", "install", "--yes", "--no-install-recommends"]


def packages_for(command: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return package -> sign for ``demo`` (a window if there is a display) or ``test`` (all)."""
    if command == "test":
        return WINDOW | DISPLAY | SERVERS
    has_display = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return WINDOW | DISPLAY if has_display else WINDOW


def is_there(sign: str) -> bool:
    """Tell whether the sign is there: a library, a program, a file, or ``font`` for any font."""
    if sign == "font":
        folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
        return any(next(folder.rglob("*.[to]t[fc]"), None) for folder in folders)
    if ".so." in sign:
        try:
            ctypes.CDLL(sign)
        except OSError:
            return False
        return True
    system_path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return Path(sign).exists() if "/" in sign else bool(shutil.which(sign, path=system_path))


def install(missing: list[str]) -> bool:
    """Run apt-get; no server that comes along is started. Return whether it went through."""
    print("Installing system packages:", *missing, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with _no_service_starts():
        for command in (["apt-get", "update", "-qq"], [*APT_GET_INSTALL, "-qq", *missing]):
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)
            if done.returncode:
                return False
    return True


@contextmanager
def _no_service_starts() -> Iterator[None]:
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def what_is_lost(command: str, missing: list[str]) -> str:
    """Return how it goes on without the missing packages."""
    if command == "demo":
        return "so the demo shows its table and no window"
    if set(missing) & set(WINDOW):
        return "and the tests cannot start without them"
    return "so the tests that start real servers and screens are skipped"


def main(command: str) -> int:
    """Install or name what ``demo`` or ``test`` lacks; 1 when the command cannot go on without."""
    if sys.platform != "linux":
        return 0
    wanted = packages_for(command, os.environ)
    missing = [package for package, sign in wanted.items() if not is_there(sign)]
    if not missing:
        return 0
    has_apt = bool(shutil.which("apt-get"))
    if has_apt and os.geteuid() == 0 and install(missing):
        return 0
    line = " ".join(["sudo", *APT_GET_INSTALL, *missing])
    if not has_apt:
        line = f"your package manager (Debian's names: {', '.join(missing)})"
    lost = what_is_lost(command, missing)
    print(f"Some system packages are missing, {lost}. Install them with {line}", flush=True)
    return int(command == "test" and bool(set(missing) & set(WINDOW)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
