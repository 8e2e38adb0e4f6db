"""The program's window on a desk of a test's own, as a process: FOLDER, then the accounts' JSON.

What is written to its standard input, a line each, is done: ``close`` as a click would.
Passwords are in memory, so that no keychain is needed.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSocketNotifier

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import open_store
from bounce_assistant.ui.shell import Shell
from bounce_assistant.ui.window import application, open_window
from tests.servers.dovecot import PASSWORD
from tests.ui.desks import desk_of


def main() -> int:
    """Run the window until it is quit."""
    folder, accounts, settings = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
    app = application()
    stdin = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, app)

    def obey() -> None:
        if sys.stdin.readline() == "close\n":
            for window in app.topLevelWidgets():
                if isinstance(window, Shell):
                    window.close()

    stdin.activated.connect(obey)
    return open_window(_desk(folder, accounts, settings))


def _desk(folder: Path, emails: list[dict[str, object]], settings: dict[str, str]) -> Desk:
    store = open_store(folder / "bounces.sqlite3")
    accounts = Accounts(store.accounts, MemorySecrets())
    for fields in emails:
        account = Account(**fields)  # type: ignore[arg-type]  # as the test wrote them
        kept = accounts.find(account.email) or accounts.add(account, PASSWORD)
        accounts.set_password(kept, PASSWORD)
    store.settings.save(replace(store.settings.load(), **settings))  # type: ignore[arg-type]
    return desk_of(load_knowledge(), store, accounts)


if __name__ == "__main__":
    sys.exit(main())
