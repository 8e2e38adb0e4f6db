"""Lets a message go, says so, and works at the outbox until it is killed: FOLDER, NUMBER."""

import sys
import time
from pathlib import Path

from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store import open_store
from bounce_assistant.store.outgoing import OutgoingId


def main() -> None:
    with open_store(Path(sys.argv[1]) / "bounces.sqlite3") as store:
        outbox = Outbox(store, Accounts(store.accounts, MemorySecrets()))
        outbox.send_now(OutgoingId(int(sys.argv[2])))
        print("let go", flush=True)  # noqa: T201 - for the test
        for _ in range(600):
            outbox.run(Job())
            time.sleep(0.1)


if __name__ == "__main__":
    main()
