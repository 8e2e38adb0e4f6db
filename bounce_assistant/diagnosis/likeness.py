"""What bounces have in common when they are alike: the server's words without the particulars."""

import re

from bounce_assistant.report.facts import RecipientReport

GAP = "..."  # stands for an address, a number, a name of this one bounce
_LONGEST = 300  # characters of a reply that are compared
_LEAST = 2  # words that have to be left; codes alone say too little
_CODE = re.compile(r"\(?[245](?:\d\d|\.\d{1,3}\.\d{1,3})[-:)]*")  # RFC 5321, 4.2; RFC 3463
_WORD = re.compile(r"[^\W\d_]{2,}")
_EDGES = "<>()[]{}'\"`,;:.=#"


def likeness(recipient: RecipientReport) -> str:
    """Return a server's words as another bounce like this one would carry them too.

    Addresses, numbers and names of the one mail become ``...``. "" where too few words are left to
    know such bounces by.
    """
    own = tuple(part for part in recipient.recipient.lower().split("@") if part)
    kept: list[str] = []
    for token in recipient.diagnostic[:_LONGEST].split():
        shown = token if _is_common(token, own) else GAP
        if shown != GAP or kept[-1:] != [GAP]:
            kept.append(shown)
    words = [token for token in kept if _WORD.search(token)]
    return " ".join(kept) if len(words) >= _LEAST else ""


def _is_common(token: str, own: tuple[str, ...]) -> bool:
    if _CODE.fullmatch(token):
        return True
    bare = token.strip(_EDGES).lower()
    return bare not in own and "@" not in bare and not any(map(str.isdigit, bare))
