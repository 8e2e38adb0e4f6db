"""Filling the slots of a text: the richest wording whose slots are known, and no brace left."""

import re
from collections.abc import Callable, Mapping, Sequence

FACTS = frozenset(
    {
        "sender_gmail",  # sent from a personal @gmail.com address
        "sender_freemail",  # sent from any free address, Gmail's included
        "sender_own_domain",
        "batch",  # several people failed together
        "list_closed",  # the list is out of use
        "list_expires",  # entries go away by themselves; nobody can ask
        "list_theirs",  # the other company's own list
        "list_provider_only",  # only the network that owns the server may ask
        "list_paid",  # offers removal for money
        "list_names_domain",  # lists domains or links, not servers
    }
)

# What a text says when a slot is not known and no other wording is left.
PHRASES = {
    "name": "this person",
    "first_name": "there",
    "address": "this address",
    "domain": "their domain",
    "company": "their mail company",
    "service": "your email provider",
    "suggestion": "the right spelling",
    "new_address": "the new address",
    "list": "a block list",
    "ip": "the server's number",
    "time": "later",
    "days": "some",
    "n": "some",
    "count": "some",
    "size": "too big",
    "limit": "less",
    "server": "their server",
    "server_owner": "its owner",
    "my_address": "your address",
    "my_domain": "your domain",
    "subject": "your email",
    "words": "",
    "my_name": "",
    "removal_page": "",
    "lookup_page": "",
    "turnaround": "",
    "may_ask": "",
}
SLOTS = frozenset(PHRASES)
_SOFT = frozenset({"name", "first_name", "company"})  # read well as a phrase anywhere
_DESCRIBED = "the mail company at"  # a company without a name of its own
_SLOT = re.compile(r"\{([a-z_]+)\}")
_ONE = re.compile(r"(?<![\d.,-])1 days\b")
_SENTENCE_START = re.compile(r"(?:^|[.?!:]\s+)$")


def slots_in(text: str) -> set[str]:
    """Return the names of the slots that a text uses."""
    return set(_SLOT.findall(text))


def anything(_: str) -> bool:
    """Take a text of any length."""
    return True


def choose(
    wordings: Sequence[str], known: Mapping[str, str], fits: Callable[[str], bool] = anything
) -> str:
    """Fill the first wording whose slots are known and which fits; the last one always serves."""
    for wording in wordings[:-1]:
        filled = fill(wording, known)
        if (
            slots_in(wording) <= known.keys() | _SOFT
            and not _limps(wording, known)
            and fits(filled)
        ):
            return filled
    return fill(wordings[-1], known)


def _limps(wording: str, known: Mapping[str, str]) -> bool:
    """Tell whether it would read "the mail company at example.com's"."""
    return "{company}'s" in wording and known.get("company", _DESCRIBED).startswith(_DESCRIBED)


def fill(text: str, known: Mapping[str, str]) -> str:
    """Put the known values, or else phrases, into a text; a phrase that opens a sentence is big."""

    def value(slot: re.Match[str]) -> str:
        if slot[1] in known and not known[slot[1]].startswith(_DESCRIBED):
            return known[slot[1]]
        phrase = known.get(slot[1]) or PHRASES.get(slot[1], "")
        if _SENTENCE_START.search(text[: slot.start()]):
            return phrase[:1].upper() + phrase[1:]
        return phrase

    return _ONE.sub("1 day", _SLOT.sub(value, text))


def fill_template(template: str, known: Mapping[str, str]) -> str:
    """Fill a letter line by line; a line that needs an unknown fact is left out."""
    lines = [
        fill(line, known)
        for line in template.splitlines()
        if slots_in(line) <= known.keys() | _SOFT
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
