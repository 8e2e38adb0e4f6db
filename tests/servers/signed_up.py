"""Accounts whose mailbox is on a real Dovecot, reached by whatever stands before it."""

import ssl
from dataclasses import replace

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.store.database import Store
from tests.servers.dovecot import PASSWORD, Dovecot


def sign_up(
    store: Store, dovecot: Dovecot, user: str, port: int, patience: float
) -> tuple[Accounts, Account]:
    """Add a user's account; his mailbox answers on ``port``, within ``patience`` seconds."""
    context = ssl.create_default_context(cafile=dovecot.ca)

    def connect(
        one: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailbox:
        line.timeout = patience
        return connect_imap(one, credential, line, provider, context)

    accounts = Accounts(store.accounts, MemorySecrets(), connect)
    return accounts, accounts.add(replace(dovecot.account(user), imap_port=port), PASSWORD)
