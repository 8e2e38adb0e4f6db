"""The window in a network of its own, which is away at first and comes back: FOLDER.

Started by ``unshare --net``. Prints what the window said, as JSON.
"""

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import open_store
from bounce_assistant.ui import theme
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.window import application
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, running_dovecot
from tests.ui.desks import BOUNCE, desk_of, write_bounces

LIMIT = 60.0  # seconds that anything may take


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window work until something is so."""
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"It never happened: {what}")
        QCoreApplication.processEvents()
        time.sleep(0.01)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=LIMIT)


def main() -> None:
    folder = Path(sys.argv[1])
    ip("link", "set", "lo", "up")
    authority = Authority(folder)
    with running_dovecot(authority, authority.issue("offline")) as server:
        server.put("offline", BOUNCE.format(number=0).encode(), datetime.now(UTC))
        ip("address", "flush", "dev", "lo")
        said = walk(folder, server.account("offline"), authority.ca)
    print(json.dumps(said))  # noqa: T201 - for the test


def walk(folder: Path, account: object, ca: Path) -> dict[str, object]:
    """Check without a network, use what works without, and wait for the network."""
    application()
    theme.apply_look(theme.Look.LIGHT)
    context = ssl.create_default_context(cafile=ca)
    store = open_store(folder / "bounces.sqlite3")
    accounts = Accounts(
        store.accounts,
        MemorySecrets(),
        lambda a, c, line, of: connect_imap(a, c, line, of, context),
    )
    accounts.add(account, PASSWORD)  # type: ignore[arg-type]  # an Account
    tasks = TaskRunner()
    window = MainWindow(desk_of(load_knowledge(), store, accounts), tasks)
    window.show()
    said: dict[str, object] = {"status at the start": window.status.text}
    window.commands.check.trigger()
    until(lambda: window.checks.is_offline, "the band")
    said["bands"], said["status"] = window.frame.bands.texts(), window.status.text
    (dropped,) = write_bounces(folder, 1)
    dropped.write_text(dropped.read_text().replace("person0", "dropped"))
    window.incoming.add_paths((str(dropped),))
    until(lambda: window.frame.model.rowCount() == 1, "the dropped file")
    ip("address", "add", "127.0.0.1/8", "dev", "lo")
    ip("route", "add", "default", "dev", "lo")
    until(lambda: window.frame.model.rowCount() == 2, "the check that waited")
    until(lambda: not window.checks.is_running, "the end of the check")
    said["bands after"], said["status after"] = window.frame.bands.texts(), window.status.text
    window.close()
    return said


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    main()
