"""The SEARCH keys (RFC 9051, section 6.4.4) that ask a server for likely notices."""

from collections.abc import Sequence
from dataclasses import dataclass

from bounce_assistant.mail.inbox_search import InboxSearch

Keys = list[str | bytes]


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """One SEARCH command: messages that match any of its keys."""

    keys: Keys
    charset: str | None = None
    is_optional: bool = False  # a server that refuses it can still be searched


def criteria_groups(search: InboxSearch) -> list[CriteriaGroup]:
    """Return the searches whose answers together are the candidates; short lines each."""
    senders: list[Keys] = [["FROM", sender] for sender in search.senders]
    fields: list[Keys] = [
        ["HEADER", field, part] for field, parts in search.headers.items() for part in parts
    ]
    subjects: list[Keys] = [["SUBJECT", part] for part in search.subjects.ascii]
    others: list[Keys] = [["SUBJECT", part.encode()] for part in search.subjects.other]
    no_newsletter: Keys = []
    for field in search.newsletter.fields:
        no_newsletter += ["NOT", "HEADER", field, ""]
    return [
        CriteriaGroup(_any_of([*senders, *fields])),
        CriteriaGroup([*no_newsletter, *_any_of(subjects)]),
        CriteriaGroup([*no_newsletter, *_any_of(others)], charset="UTF-8", is_optional=True),
    ]


def _any_of(keys: Sequence[Keys]) -> Keys:
    """Return a balanced tree of ORs, for servers that limit its depth."""
    if len(keys) == 1:
        return list(keys[0])
    middle = len(keys) // 2
    return ["OR", *_any_of(keys[:middle]), *_any_of(keys[middle:])]
