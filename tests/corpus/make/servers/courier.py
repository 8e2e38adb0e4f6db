"""Courier: sends for its own agent, who hands mail to its sendmail program."""

from pathlib import Path

from . import Server

_FILES = {
    "me": "{host}\n",
    "defaultdomain": "{domain}\n",
    "locals": "localhost\n",
    "dsnfrom": '"Courier mail server at {host}" <@>\n',
    "queuetime": "20s\n",
    "warntime": "6s\n",
    "retryalpha": "4s\n",
    "retrybeta": "4s\n",
    "retrymaxdelta": "0\n",
    "respawnlo": "1h\n",
    "esmtptimeout": "5s\n",
    "esmtptimeoutconnect": "4s\n",
    "esmtptimeouthelo": "4s\n",
}


def configure(server: Server, root: Path) -> list[str]:
    """Write /etc/courier; return the start command."""
    folder = root / "etc/courier"
    for name, text in _FILES.items():
        (folder / name).write_text(text.format(host=server.host, domain=server.domain))
    return ["sh", "-c", "install -d -o courier -g courier /run/courier; makealiases; courier start"]
