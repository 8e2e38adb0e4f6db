"""How mail is named that a server can't hand out."""

from bounce_assistant.advice.sizes import spoken_size
from bounce_assistant.store.set_aside import SetAsideMail


def name_of(mail: SetAsideMail) -> str:
    """Return words by which a person finds a mail elsewhere: subject, sender, size, place."""
    where = "in your inbox" if mail.folder == "INBOX" else f"in {mail.folder}"
    size = spoken_size(mail.size) if mail.size else ""
    if not (mail.subject or mail.sender):
        return f"a mail of {size} {where}" if size else f"a mail {where}"
    what = f'"{mail.subject}"' if mail.subject else "a mail"
    sender = f" from {mail.sender}" if mail.sender else ""
    return ", ".join(part for part in (f"{what}{sender}", size, where) if part)
