"""Connecting as an account does, to servers of every kind of manners."""

import ssl
from dataclasses import replace

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, Security
from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.providers import load_providers
from tests.servers.certificates import Authority
from tests.servers.scripted_imap import Script, scripted_imap

PASSWORD = "Tr0ub4dor&3"
ACCOUNT = Account(1, "dana@example.com", "localhost", 993, "tls", "", 0, "tls", "dana")
BANNED = ("error", "failed", "invalid", "illegal", "fatal", "abort", "password:", "SSL", "errno")


def connect(account: Account, authority: Authority, line: Line | None = None) -> ImapMailbox:
    provider = load_providers().by_domain(account.email.partition("@")[2])
    context = ssl.create_default_context(cafile=authority.ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # as by default from Python 3.13 on
    return connect_imap(account, Password(PASSWORD), line or Line(timeout=0.5), provider, context)


def at(port: int, *, email: str = "", security: Security = "tls") -> Account:
    account = replace(ACCOUNT, imap_port=port, imap_security=security)
    return replace(account, email=email) if email else account


def sentence(error: AppError) -> str:
    """Return what the user reads, once it is fit to be read."""
    text = str(error)
    assert PASSWORD not in text
    ours = text.replace("nowhere.invalid", "").lower()
    assert not [word for word in BANNED if word.lower() in ours]
    assert error.next_step
    assert error.title.endswith(".")
    return text


def refused(
    script: Script, authority: Authority, *, email: str = "", security: Security = "tls"
) -> tuple[AppError, list[bytes]]:
    with scripted_imap(script) as server:
        with pytest.raises(AppError) as told:
            connect(at(server.port, email=email, security=security), authority)
        return told.value, server.heard
