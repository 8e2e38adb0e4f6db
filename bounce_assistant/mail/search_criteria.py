"""The SEARCH keys (RFC 9051, section 6.4.4) that ask a server for likely notices."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bounce_assistant.mail.inbox_search import InboxSearch, Promise

_PLAIN = re.compile(r"[\w.@<>+=$&'!/#?^`|~-]+", re.ASCII)  # needs no quotes, here or at Gmail
# A list within stands for all of its keys together, in parentheses.
Keys = list["str | bytes | Keys"]


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """One SEARCH command: messages that match any of its keys."""

    promise: Promise
    keys: Keys
    charset: str | None = None
    is_optional: bool = False  # a server that refuses it can still be searched


def criteria_groups(search: InboxSearch, *, is_gmail: bool = False) -> list[CriteriaGroup]:
    """Return the searches whose answers together are the candidates; short lines each."""
    own: Keys = ["X-GM-RAW", search.gmail.search]
    gmail = [CriteriaGroup(Promise.SURE, own, is_optional=True)] if is_gmail else []
    no_receipt = _none_of(search.receipt_fields)
    no_newsletter = _none_of({field: [""] for field in search.newsletter.fields})
    reports = [*no_receipt, *_any_of(_fields(search.fields))]
    machines = [*_fields(search.machine_fields), *_fields(search.receipt_fields)]
    always: list[Keys] = [["SUBJECT", part] for part in search.subjects.always]
    subjects: list[Keys] = [["SUBJECT", part] for part in search.subjects.ascii]
    others: list[Keys] = [["SUBJECT", part.encode()] for part in search.subjects.other]
    return [
        *gmail,
        CriteriaGroup(Promise.SURE, _any_of(_senders(search.senders))),
        CriteriaGroup(Promise.SURE, reports),
        CriteriaGroup(Promise.MAYBE, _any_of([*_senders(search.offices), *machines, *always])),
        CriteriaGroup(Promise.MAYBE, [*no_newsletter, *_any_of(subjects)]),
        CriteriaGroup(
            Promise.MAYBE, [*no_newsletter, *_any_of(others)], charset="UTF-8", is_optional=True
        ),
    ]


def merged_groups(groups: Sequence[CriteriaGroup]) -> list[CriteriaGroup]:
    """Return the same searches as fewer: a server that has no index reads all mail for each.

    Words that aren't ASCII stay apart, as not every server takes them. Lines stay below the 8,000
    bytes that a server takes (RFC 2683, section 3.2.1.5).
    """
    merged = []
    for promise in (Promise.SURE, Promise.MAYBE):
        alike = [each for each in groups if each.promise is promise and not each.charset]
        merged.append(CriteriaGroup(promise, _any_of([[each.keys] for each in alike])))
    return [*merged, *(each for each in groups if each.charset)]


def id_keys(message_ids: Sequence[str]) -> Keys:
    """Return keys that find any of these Message-IDs, and what has the same part in it.

    Of one with characters that would have to be quoted, its longest part without any is looked for.
    """
    return _any_of([["HEADER", "Message-ID", _plain_part(each)] for each in message_ids])


def gmail_id_keys(message_ids: Sequence[str]) -> Keys:
    """Return the key that does so in Gmail's own language, which has an index for them."""
    return [
        "X-GM-RAW",
        " OR ".join(f"rfc822msgid:{_plain_part(each).strip('<>')}" for each in message_ids),
    ]


def _plain_part(message_id: str) -> str:
    return max(_PLAIN.findall(message_id), key=len, default="-")


def _senders(parts: Sequence[str]) -> list[Keys]:
    return [["FROM", part] for part in parts]


def _fields(fields: Mapping[str, Sequence[str]]) -> list[Keys]:
    return [["HEADER", field, part] for field, parts in fields.items() for part in parts]


def _none_of(fields: Mapping[str, Sequence[str]]) -> Keys:
    return [key for each in _fields(fields) for key in ("NOT", *each)]


def _any_of(keys: Sequence[Keys]) -> Keys:
    """Return a balanced tree of ORs, for servers that limit its depth."""
    if len(keys) == 1:
        return list(keys[0])
    middle = len(keys) // 2
    return ["OR", *_any_of(keys[:middle]), *_any_of(keys[middle:])]
