"""Which servers an account may send through: its own, then its provider's other one."""

from dataclasses import replace

from bounce_assistant.mail.accounts import Account, domain_of
from bounce_assistant.mail.providers import Provider


def sending_ways(account: Account, provider: Provider | None) -> list[Account]:
    """Return the account with each server that it can send through, its own one first.

    The other one comes from our own data, and like every server here it hears a password over a
    verified, encrypted line only. Who set a server up by hand sends through that one alone.
    """
    domain = domain_of(account.email)
    entries = (provider.smtp, provider.smtp_also) if provider else ()
    known = [entry.at(domain) for entry in entries if entry]
    if account.smtp not in known:
        return [account]
    return [account] + [
        replace(account, smtp_host=one.host, smtp_port=one.port, smtp_security=one.security)
        for one in known
        if one != account.smtp
    ]
