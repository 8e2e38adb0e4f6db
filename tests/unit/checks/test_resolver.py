"""A name server may be silent, slow or hostile: the answer is then "could not check"."""

import threading
from collections.abc import Callable, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_assistant.checks.resolver import Answer, Heard, Resolver
from bounce_assistant.errors import CancelledError
from tests.servers.odd_dns import odd_dns
from tests.servers.ports import free_port

NAME = "maple.example"
RECORDS = ("10 mx.maple.example.",)
Change = Callable[[dns.message.Message], None]


def reply(
    raw: bytes, *changes: Change, records: Sequence[str] = ("10 mx.maple.example.",)
) -> bytes:
    """Return a good answer to a question, changed."""
    question = dns.message.from_wire(raw)
    answer = dns.message.make_response(question, recursion_available=True)
    if records:
        answer.answer.append(dns.rrset.from_text(f"{NAME}.", 60, "IN", "MX", *records))
    for change in changes:
        change(answer)
    return answer.to_wire()


def other_id(message: dns.message.Message) -> None:
    message.id = message.id ^ 0x5555


def other_name(message: dns.message.Message) -> None:
    message.question = dns.message.make_query("willow.example", "MX").question


def cut(message: dns.message.Message) -> None:
    message.flags |= dns.flags.TC


def referral(message: dns.message.Message) -> None:
    message.flags &= ~dns.flags.RA


def code(number: int) -> Change:
    return lambda message: message.set_rcode(dns.rcode.Rcode(number))


def ask(port: int, seconds: float = 20) -> Answer:
    return Resolver(["127.0.0.1"], port=port, seconds=seconds).ask(NAME, "MX")


def test_a_good_answer_is_read() -> None:
    with odd_dns(lambda raw: [reply(raw)]) as port:
        assert ask(port) == Answer(NAME, "MX", Heard.RECORDS, ("10 mx.maple.example.",))


def test_what_comes_before_the_answer_is_passed_over() -> None:
    """Garbage, another question's answer and a guessed number must not slip in."""

    def replies(raw: bytes) -> Sequence[bytes]:
        forged = ("1 evil.example.",)
        return [
            b"",
            b"\x00",
            raw[:7],
            raw[:12] + b"\xc0\x0c" * 300,
            reply(raw, other_id, records=forged),
            reply(raw, other_name, records=forged),
            raw,
            reply(raw),
        ]

    with odd_dns(replies) as port:
        assert ask(port).values == ("10 mx.maple.example.",)


def test_an_answer_too_long_for_udp_is_fetched_over_tcp() -> None:
    def whole(raw: bytes) -> Sequence[bytes]:
        answer = reply(raw)
        return [len(answer).to_bytes(2, "big"), answer[:20], answer[20:]]

    with odd_dns(lambda raw: [reply(raw, cut, records=())], whole) as port:
        assert ask(port).heard is Heard.RECORDS


@pytest.mark.parametrize("number", [1, 2, 4, 5, 9, 11])
def test_a_server_with_a_problem_says_nothing_about_the_name(number: int) -> None:
    with odd_dns(lambda raw: [reply(raw, code(number), records=())]) as port:
        answer = ask(port)
    assert (answer.heard, answer.why) == (
        Heard.NOTHING,
        "the servers in charge of the name have a problem",
    )


def test_only_a_plain_no_such_name_counts_as_one() -> None:
    with odd_dns(lambda raw: [reply(raw, code(3), records=())]) as port:
        assert ask(port).heard is Heard.NO_NAME


def test_a_server_that_sends_us_on_says_nothing() -> None:
    with odd_dns(lambda raw: [reply(raw, referral, records=())]) as port:
        assert ask(port).heard is Heard.NOTHING


@pytest.mark.parametrize("sent", [None, b"", b"\x00", b"\x00\x05abc", b"\x00\x05abcde"])
def test_an_answer_that_breaks_off_is_none(sent: bytes | None) -> None:
    over_tcp = None if sent is None else lambda _: [sent]
    with odd_dns(lambda raw: [reply(raw, cut, records=())], over_tcp) as port:
        assert ask(port).heard is Heard.NOTHING


def test_nobody_there_is_no_answer() -> None:
    answer = ask(free_port())
    assert (answer.heard, answer.why) == (Heard.NOTHING, "nobody answered in time")


def test_silence_is_no_answer() -> None:
    with odd_dns(lambda _: []) as port:
        answer = ask(port, seconds=0.5)
    assert (answer.heard, answer.why) == (Heard.NOTHING, "nobody answered in time")


def test_without_a_name_server_nothing_is_asked() -> None:
    assert Resolver([]).ask(NAME, "MX").heard is Heard.NOTHING


def test_the_second_server_is_asked_where_the_first_is_silent() -> None:
    with odd_dns(lambda raw: [reply(raw)]) as port:
        resolver = Resolver(["127.0.0.9", "127.0.0.1"], port=port, seconds=20)
        assert resolver.ask(NAME, "MX").heard is Heard.RECORDS


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..b", "x." * 200, "\ud800.example", ""])
def test_a_name_that_is_none_is_not_asked(name: str) -> None:
    assert Resolver(["127.0.0.1"], port=1, seconds=1).ask(name, "MX").heard is Heard.NOTHING


def test_stop_frees_a_question_nobody_answers() -> None:
    asked = threading.Event()

    def silent(_: bytes) -> Sequence[bytes]:
        asked.set()
        return []

    with odd_dns(silent) as port:
        resolver = Resolver(["127.0.0.1"], port=port, seconds=1000)
        with pytest.raises(CancelledError):
            resolver.ask(NAME, "MX", asked.is_set)


@given(noise=st.binary(max_size=300))
def test_no_bytes_are_too_odd(noise: bytes) -> None:
    with odd_dns(lambda raw: [raw[:2] + noise, noise, reply(raw)]) as port:
        assert ask(port).heard in set(Heard)
