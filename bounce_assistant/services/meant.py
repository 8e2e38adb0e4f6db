"""The address somebody probably meant, where what was typed is a slip of one we know."""

from bounce_assistant.diagnosis.typos import AddressData
from bounce_assistant.mail.accounts import domain_of

_SHORT = 8  # characters; a name this short is as likely somebody's own


def meant_address(email: str, known: AddressData) -> str:
    """Return the address with the domain that was probably meant; "" where nothing looks wrong.

    Asked before servers are looked up: those who own the slips of a large domain also run mail
    servers there, and a password would be theirs.
    """
    local, _, _domain = email.strip().rpartition("@")
    domain = domain_of(email)
    better = known.suggest(domain) if local and domain else ""
    if not better or (len(better) <= _SHORT and not known.is_listed(domain)):
        return ""
    return f"{local}@{better}"
