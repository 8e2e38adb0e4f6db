"""An account as the store keeps it, and as mail uses it."""

from typing import cast

from bounce_assistant.mail.accounts import Account, FolderRole, Security, SignInWay
from bounce_assistant.store.accounts import AccountRow
from bounce_assistant.store.rows import AccountId


def account_of(row: AccountRow) -> Account:
    return Account(
        id=row.id,
        email=row.email,
        imap_host=row.imap_host,
        imap_port=row.imap_port,
        imap_security=cast("Security", row.imap_security),
        smtp_host=row.smtp_host,
        smtp_port=row.smtp_port,
        smtp_security=cast("Security", row.smtp_security),
        username=row.username,
        name=row.name,
        provider=row.provider,
        sign_in=cast("SignInWay", row.sign_in),
        reads=cast("tuple[FolderRole, ...]", tuple(row.reads.split())),
        since_days=row.since_days,
    )


def row_of(account: Account) -> AccountRow:
    return AccountRow(
        email=account.email,
        name=account.name,
        username=account.username,
        imap_host=account.imap_host,
        imap_port=account.imap_port,
        imap_security=account.imap_security,
        smtp_host=account.smtp_host,
        smtp_port=account.smtp_port,
        smtp_security=account.smtp_security,
        provider=account.provider,
        sign_in=account.sign_in,
        reads=" ".join(account.reads),
        since_days=account.since_days,
        id=AccountId(account.id),
    )
