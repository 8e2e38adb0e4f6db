"""Far away servers: what a check costs is how often it waits for an answer."""

import ssl
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import check_account
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.database import open_store
from tests.contract.test_mailbox import NOTICE
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fault_proxy import fault_proxy

KNOWLEDGE = load_knowledge()
FAR_AWAY = 0.2  # seconds each way; nearer by, an answer may come between two pieces of a question
FAR = "far away, with ümlaut"


def test_a_check_that_finds_nothing_new_waits_four_times(dovecot: Dovecot, tmp_path: Path) -> None:
    user = "far"
    for folder in ("INBOX", "Junk"):
        dovecot.put(user, NOTICE, datetime.now(UTC), folder=folder)
    context = ssl.create_default_context(cafile=dovecot.ca)
    with fault_proxy(dovecot.tls_port) as proxy, open_store(tmp_path / "b.sqlite3") as store:
        accounts = Accounts(
            store.accounts,
            MemorySecrets(),
            lambda a, c, line, of: connect_imap(a, c, line, of, context),
        )
        account = accounts.add(replace(dovecot.account(user), imap_port=proxy.port), PASSWORD)
        assert check_account(account, accounts, store, KNOWLEDGE, Job()).looked_at == 2
        proxy.delay = FAR_AWAY
        before = proxy.turns
        result = check_account(account, accounts, store, KNOWLEDGE, Job())
        assert (result.problem, result.looked_at) == (None, 0)
        # TLS (twice with its greeting), the sign-in, and all folders at once
        assert proxy.turns - before <= 5
        proxy.delay = 0.0
        dovecot.put(user, NOTICE + b"more\r\n", datetime.now(UTC), folder="Junk")
        assert check_account(account, accounts, store, KNOWLEDGE, Job()).looked_at == 1


def test_folders_are_told_of_from_outside(dovecot: Dovecot) -> None:
    user = "outline"
    dovecot.put(user, NOTICE, datetime.now(UTC))
    # Maildir++ keeps names in modified UTF-7 (RFC 9051, appendix A.1)
    dovecot.put(user, NOTICE, datetime.now(UTC), folder="far away, with &APw-mlaut")
    context = ssl.create_default_context(cafile=dovecot.ca)
    account = dovecot.account(user)
    with closing(connect_imap(account, Password(PASSWORD), Line(), context=context)) as mailbox:
        outline = mailbox.outline(known=("INBOX", FAR, "gone"))
        assert outline.folders[0] == "INBOX"
        assert set(outline.states) == {"INBOX", FAR}
        assert outline.states["INBOX"] == replace(mailbox.open("INBOX"), highest_modseq=None)
        assert mailbox.outline().states == {}
