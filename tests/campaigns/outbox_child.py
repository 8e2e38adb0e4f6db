"""The program as far as the outbox goes, to be killed: works until nothing is left to send.

python -m tests.campaigns.outbox_child FOLDER
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store import open_store
from bounce_assistant.store.outgoing import OutgoingState

UNDO_SECONDS = 0.15
PASSWORD = "secret"
_START = datetime(2026, 11, 1, tzinfo=UTC)
_LEFT = (OutgoingState.UNDO, OutgoingState.SCHEDULED, OutgoingState.SENDING)


def fast_now() -> datetime:
    """Return a time that runs a hundred times as fast, so that no provider's pace is in the way."""
    return _START + 100 * (datetime.now(UTC) - _START)


def main() -> None:
    with open_store(Path(sys.argv[1]) / "bounces.sqlite3") as store:
        accounts = Accounts(store.accounts, MemorySecrets())
        for account in accounts.list():
            accounts.lend_password(account, PASSWORD)
        outbox = Outbox(store, accounts, now=fast_now, undo_seconds=UNDO_SECONDS)
        print("ready", flush=True)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            outbox.run(Job())
            if not store.outbox.in_states(_LEFT) and not store.outbox.copies_to_do():
                return
            time.sleep(0.01)
    sys.exit("There is something left after a minute.")


if __name__ == "__main__":
    main()
