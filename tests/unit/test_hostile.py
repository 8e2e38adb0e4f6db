"""Mail is hostile: any bytes give an answer, in time that grows with size only."""

import re
import tracemalloc
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounce_assistant.diagnosis import causes, diagnose, phrases, reasons
from bounce_assistant.report import (
    dsn,
    html,
    kinds,
    mime,
    original,
    outcomes,
    prose,
    read,
    replies,
    reporter,
)
from bounce_assistant.report import words as header_words
from bounce_assistant.report.facts import MessageKind
from bounce_assistant.services.describe import describe
from bounce_assistant.services.examine import case_diagnoses, examine_message, examine_words
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.sources import Place, find_places, read_place
from tests.unit.growth import LIMIT, growth, seconds

KNOWLEDGE = load_knowledge()
CORPUS = [
    path.read_bytes()
    for path in sorted((Path(__file__).parents[1] / "corpus" / "messages").glob("*.eml"))[::9]
]
FIELDS = [
    b"From: MAILER-DAEMON@x.example\n",
    b"Return-Path: <>\n",
    b"Content-Type: multipart/report; boundary=b\n",
    b"Content-Type: message/delivery-status\n",
    b"Content-Transfer-Encoding: base64\n",
    b"X-Failed-Recipients: " + b"a@x.example, " * 50 + b"\n",
    b"Subject: " + b"=?utf-8?q?=C3?= " * 20 + b"\n",
    b"Final-Recipient: utf-8; \\x{D800}\\x{110000}@x.example\nAction: failed\n",
    b"\n--b\n",
    b"\x00",
    b"\r",
]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


KINDS = {kind.value for kind in MessageKind}


def judge(raw: bytes) -> str:
    """Do all that is done with a message, up to text that can be written to a file."""
    examination = examine_message(raw, KNOWLEDGE)
    case_diagnoses(examination)
    told = str(describe("a.eml", examination, KNOWLEDGE))
    told.encode("utf-8")
    return examination.report.kind.value


def cut(raw: bytes, at: int, length: int) -> bytes:
    return raw[:at] + raw[at + length :]


def doubled(raw: bytes, at: int, length: int) -> bytes:
    return raw[:at] + raw[at : at + length] * 2 + raw[at + length :]


def flipped(raw: bytes, at: int, length: int) -> bytes:
    return raw[:at] + bytes(byte ^ 0x55 for byte in raw[at : at + length]) + raw[at + length :]


def with_field(raw: bytes, at: int, length: int) -> bytes:
    return raw[:at] + FIELDS[length % len(FIELDS)] + raw[at:]


def without_boundaries(raw: bytes, at: int, length: int) -> bytes:
    return raw[:at] + raw[at:].replace(b"\n--", b"\n-", length % 4 + 1)


CHANGES = [cut, doubled, flipped, with_field, without_boundaries]
DAMAGE = st.tuples(st.sampled_from(CHANGES), st.floats(0, 1), st.integers(0, 400))


@given(st.sampled_from(CORPUS), st.lists(DAMAGE, min_size=1, max_size=5))
@settings(max_examples=400, suppress_health_check=SLOW)
def test_a_damaged_message_is_read_as_far_as_it_goes(
    raw: bytes, damage: list[tuple[Callable[[bytes, int, int], bytes], float, int]]
) -> None:
    for change, where, length in damage:
        raw = change(raw, int(where * len(raw)), length)
    assert judge(raw) in KINDS


@given(st.binary(max_size=2000))
@settings(max_examples=300, suppress_health_check=SLOW)
def test_any_bytes_give_an_answer(raw: bytes) -> None:
    assert judge(raw) in KINDS


@given(st.lists(st.sampled_from(CORPUS), max_size=4), st.lists(DAMAGE, max_size=4))
@settings(max_examples=60, suppress_health_check=[*SLOW, HealthCheck.function_scoped_fixture])
def test_a_damaged_mailbox_file_loses_no_byte_and_no_order(
    tmp_path: Path, mails: list[bytes], damage: list[tuple[Callable[..., bytes], float, int]]
) -> None:
    raw = b"".join(b"From a@b Mon Nov 23 01:07:49 2026\n" + mail + b"\n" for mail in mails)
    for change, where, length in damage:
        raw = change(raw, int(where * len(raw)), length)
    file = tmp_path / "damaged.mbox"
    file.write_bytes(raw)
    places = [place for place in find_places([str(file)]) if isinstance(place, Place)]
    assert places[0].begin == 0
    assert all(before.end == after.begin for before, after in pairwise(places))
    assert places[-1].end in {-1, len(raw)}
    for source in map(read_place, places):
        assert source.problem or judge(source.raw) in KINDS


@given(st.lists(st.sampled_from(FIELDS), max_size=40).map(b"".join))
@settings(max_examples=300, suppress_health_check=SLOW)
def test_any_pile_of_fields_gives_an_answer(raw: bytes) -> None:
    assert judge(raw) in KINDS


@given(st.text(max_size=500))
@settings(max_examples=300, suppress_health_check=SLOW)
def test_any_pasted_words_give_an_answer(words: str) -> None:
    told = describe("-", examine_words(words, KNOWLEDGE), KNOWLEDGE)
    assert len(told["deliveries"]) == 1


def test_ten_thousand_heaps_of_bytes_are_no_bounces() -> None:
    random = Random(20260302)  # noqa: S311 - the same heaps each time
    kinds_seen = {judge(random.randbytes(random.randrange(600))) for _ in range(10_000)}
    assert kinds_seen == {"not-a-bounce"}


HEAD = b"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: failure notice\n"
REPORT = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
STATUS = HEAD + REPORT + b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
TEXT = HEAD + b"\nYour message could not be delivered to these recipients:\n\n"
GROUP = b"Final-Recipient: rfc822; a%d@x.example\nAction: failed\nStatus: 5.1.1\n\n"
PILES: dict[str, tuple[bytes, bytes]] = {
    "one giant line": (TEXT, b"x"),
    "one giant address": (TEXT + b"<", b"a."),
    "at signs": (TEXT, b"@"),
    "addresses": (TEXT, b"<dana@x.example>: 550 User unknown\n"),
    "addresses in a row": (TEXT, b"dana@x.example "),
    "almost addresses": (TEXT, b"dana@x. "),
    "quotation marks": (TEXT, b'"'),
    "replies": (TEXT, b"550 5.1.1 "),
    "continued replies": (TEXT + b"550", b"-5.1.1 no\n550"),
    "digits": (TEXT, b"5"),
    "dots and digits": (TEXT, b"5."),
    "blanks": (TEXT, b" "),
    "blank lines": (TEXT, b"\n"),
    "tabs and lines": (TEXT, b"\t\n"),
    "quotes": (TEXT, b"> "),
    "dashes": (TEXT, b"-"),
    "dashed lines": (TEXT, b"-----\n"),
    "words of a notice": (TEXT, b"said: returned: "),
    "field names": (TEXT, b"To:\n"),
    "almost copies": (TEXT, b"Original message \n"),
    "colons": (TEXT, b":"),
    "brackets": (TEXT, b"<([{"),
    "open tags": (HTML, b"<a "),
    "comments": (HTML, b"<!--"),
    "styles": (HTML, b"<style>"),
    "line breaks": (HTML, b"<br>"),
    "entities": (HTML, b"&amp;"),
    "folded header": (b"Subject: x\n", b" y\n"),
    "header fields": (b"", b"X-A: b\n"),
    "header of one line": (b"Subject: ", b"x"),
    "header of encoded words": (b"Subject: ", b"=?utf-8?q?a?= "),
    "header of broken words": (b"Subject: ", b"=?utf-8?q?"),
    "bracket that is never closed": (b"Subject: x\nFrom: <", b"@"),
    "header of addresses": (HEAD + b"To: ", b"Dana <d@x.example>, "),
    "failed addresses": (HEAD + b"X-Failed-Recipients: ", b"d@x.example, "),
    "people in the report": (STATUS, GROUP % 7),
    "report without end": (STATUS, b"Action: failed\n"),
    "report of blank lines": (STATUS, b"\n \n"),
    "giant diagnostic": (STATUS + GROUP[:-1] % 7 + b"Diagnostic-Code: smtp; ", b"550-5.1.1 x "),
    "folded diagnostic": (STATUS + GROUP[:-1] % 7 + b"Diagnostic-Code: smtp;", b"\n 550-x"),
    "parts": (HEAD + REPORT, b"\n\n--b\n"),
    "almost boundaries": (HEAD + REPORT, b"\n--bb\n"),
    "boundaries nobody named": (HEAD + REPORT.replace(b"=b", b"=q"), b"--x1\nA: b\n\n"),
    "base64": (HEAD + b"Content-Transfer-Encoding: base64\n\n", b"QUJD"),
    "equal signs": (HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n", b"="),
    "separator lines": (b"", b"From x\n"),
    "zeros": (b"", b"\x00"),
}


@pytest.mark.parametrize("name", PILES)
def test_a_bigger_pile_takes_more_time_only_in_step(name: str) -> None:
    head, piece = PILES[name]
    assert growth(judge, lambda size: head + piece * (size // len(piece)), 1000) < LIMIT


@pytest.mark.parametrize("name", ["one giant line", "addresses", "parts", "people in the report"])
def test_a_huge_mail_takes_memory_in_step_with_itself(name: str) -> None:
    head, piece = PILES[name]
    raw = head + piece * (6_000_000 // len(piece))
    tracemalloc.start()
    try:
        judge(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * len(raw)


def test_a_mail_of_sixty_megabytes_is_judged_by_what_it_says_first() -> None:
    big = b"--b\nContent-Type: message/rfc822\n\nSubject: x\n\n" + b"QUJD\n" * 12_000_000
    raw = STATUS + GROUP % 7 + big
    examination = examine_message(raw, KNOWLEDGE)
    assert [each.recipient.recipient for each in examination.diagnoses] == ["a7@x.example"]


def test_a_hundred_thousand_addresses_are_not_a_hundred_thousand_cases() -> None:
    lines = b"".join(b"<a%d@x.example>: 550 User unknown\n" % number for number in range(100_000))
    assert 1 <= len(examine_message(TEXT + lines, KNOWLEDGE).diagnoses) <= 3000


def test_messages_inside_messages_end_somewhere() -> None:
    raw = STATUS + GROUP % 7
    for _ in range(300):
        raw = (
            HEAD.replace(b"failure notice", b"Fwd:")
            + (
                b"Content-Type: multipart/mixed; boundary=m\n\n--m\n"
                b"Content-Type: message/rfc822\n\n"
            )
            + raw
        )
    assert judge(raw) in KINDS


MODULES = [dsn, html, kinds, mime, original, prose, read, replies, reporter, header_words]
MODULES += [causes, diagnose, phrases, reasons]
PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
SEEDS = [
    "a", " ", "\n", "\t", "5", "5.", "a.", "a@", "@a.", "-", "--", "<", ">", "<a", '"', "=", "=?",
    "=?a?q?", ":", "a: ", "\na:", "\n ", "> ", "550 ", "550-", "\n550-5.1.1 ", "5.1.1", "[", "(",
    "original message ", "\n-----original message", "following recipient ", "host ", "1 day ",
    "limit 1", "max ", "<br ", "</td ", "<!", "&", "charset=", "boundary=", "\\x{12", "+4",
    "\nfinal-recipient:", "recipient domain a by ", "mail system at host a.",
    "copy of your message",
]  # fmt: skip


OPENINGS = ["", "<", "<a", '"', "(", "=?a?q?", "550 ", "a@", "host ", "\n", "--", "\\x{"]
NOTICED = 0.004  # seconds; what is quicker at full length harms nobody


def search_all(pattern: re.Pattern[Any], text: str) -> None:
    if isinstance(pattern.pattern, bytes):
        for _ in pattern.finditer(text.encode()):
            pass
    else:
        for _ in pattern.finditer(text):
            pass


def slow_on(
    patterns: Iterable[re.Pattern[Any]], openings: list[str], seeds: list[str], size: int
) -> list[str]:
    """Return which patterns take out of all proportion longer on eight times a repeated seed."""
    found = []
    for pattern, opening, seed in product(patterns, openings, seeds):
        search = partial(search_all, pattern)
        small, big = (opening + seed * (times * size // len(seed)) for times in (1, 8))
        if seconds(search, big) < NOTICED:
            continue
        if seconds(search, big) > LIMIT * max(seconds(search, small), 1e-6):
            found.append(f"{pattern.pattern!r} on {opening!r} and {seed!r}")
    return found


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_no_pattern_of_the_reader_is_a_bomb(name: str) -> None:
    assert slow_on([PATTERNS[name]], OPENINGS, SEEDS, 250) == []


RULES = [
    pytest.param((*rule.text, *rule.unless), id=f"{reason.id}-{number}")
    for reason in KNOWLEDGE.reasons.reasons.values()
    for number, rule in enumerate(reason.rule, start=1)
    if rule.text
]
RULE_SEEDS = ["a", " ", "a ", "5.", "<>", "<> ", "mail ", "user ", "a.a", "550 ", "message "]


@pytest.mark.parametrize("rule_patterns", RULES)
def test_no_pattern_of_a_rule_is_a_bomb(rule_patterns: tuple[str, ...]) -> None:
    assert slow_on(map(phrases.compiled, rule_patterns), [""], RULE_SEEDS, 250) == []


def test_many_conditions_that_never_end_cost_no_more_than_their_length() -> None:
    def conditions(size: int) -> str:
        return "if " * size + "giving up !x"

    def ask(text: str) -> None:
        outcomes.has_given_up(text, KNOWLEDGE.words)

    assert growth(ask, conditions, 500) < LIMIT
