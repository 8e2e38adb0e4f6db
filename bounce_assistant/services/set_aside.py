"""Mail that no server hands out: how it is named, and how it is given another try."""

from bounce_assistant.advice.sizes import spoken_size
from bounce_assistant.store.set_aside import SetAsideMail


def name_of(mail: SetAsideMail) -> str:
    """Return words by which a person finds a mail elsewhere: subject, sender, size, place."""
    what = f'"{mail.subject}"' if mail.subject else "a mail"
    sender = f" from {mail.sender}" if mail.sender else ""
    size = f" of {spoken_size(mail.size)}" if mail.size else ""
    where = "your inbox" if mail.folder == "INBOX" else mail.folder
    return f"{what}{sender}{size} in {where}"
