"""Debian roots, one per mail server, made once and then only read."""

import subprocess
from pathlib import Path

PACKAGES = {
    "postfix": ["postfix"],
    "exim": ["exim4-daemon-heavy"],
    "sendmail": ["sendmail-bin", "sensible-mda", "m4", "procmail"],
    "opensmtpd": ["opensmtpd"],
    "courier": ["courier-mta"],
    "dma": ["dma"],
    "nullmailer": ["nullmailer"],
    "dovecot": ["dovecot-lmtpd", "dovecot-sieve"],
}
SUITE = "bookworm"
_NO_SERVICES = "#!/bin/sh\nexit 101\n"


def configured_mirror() -> str:
    """Return the Debian mirror this machine uses, from /etc/apt; raise SystemExit without one."""
    for path in [*Path("/etc/apt").glob("sources.list.d/*.sources"), Path("/etc/apt/sources.list")]:
        for line in path.read_text().splitlines() if path.exists() else []:
            words = line.split()
            if words[:1] == ["URIs:"]:
                mirror = words[1]
            elif words[:1] == ["deb"]:
                mirror = next(word for word in words if "://" in word)
            else:
                continue
            if mirror.rstrip("/").endswith("/debian"):
                return mirror
    raise SystemExit("No Debian mirror is configured in /etc/apt.")


def make_root(name: str, work: Path) -> Path:
    """Return the root folder of one server, made on the first call. Needs root and the mirror."""
    root = work / name
    if root.exists():
        return root
    base = _make_base(work)
    fresh = work / f"{name}.new"
    subprocess.run(["rm", "-rf", fresh], check=True)
    subprocess.run(["cp", "-a", base, fresh], check=True)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES[name]]
    # Sendmail's post-install step wants an init and stops; its programs are in place by then.
    done = subprocess.run(
        ["chroot", fresh, "env", "DEBIAN_FRONTEND=noninteractive", *install],
        check=name != "sendmail",
    )
    print(f"{name}: installed ({done.returncode})")  # noqa: T201 -- a command says what it did
    return fresh.rename(root)


def _make_base(work: Path) -> Path:
    base = work / "base"
    if not base.exists():
        fresh = work / "base.new"
        subprocess.run(
            ["debootstrap", "--variant=minbase", SUITE, fresh, configured_mirror()], check=True
        )
        guard = fresh / "usr/sbin/policy-rc.d"
        guard.write_text(_NO_SERVICES)
        guard.chmod(0o755)
        fresh.rename(base)
    return base
