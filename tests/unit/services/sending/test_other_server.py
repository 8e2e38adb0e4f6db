"""The provider's other server is tried where the first can't be reached, and only then."""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailer import Mailer
from bounce_assistant.mail.providers import Provider, ServerEntry, load_providers
from bounce_assistant.mail.smtp import connect_smtp
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.services.sending_ways import sending_ways
from bounce_assistant.store.outgoing import OutgoingState
from tests.servers.certificates import Authority, Certificate
from tests.servers.ports import free_port
from tests.servers.submission import Submission, running_submission
from tests.unit.services.sending.conftest import Sender, make_sender, run_until_over

PATIENCE = 2.0  # seconds that a line waits here


@dataclass
class Two:
    """A sender whose provider has two servers; ``tried`` are the ports, in order."""

    sender: Sender
    provider: Provider
    tried: list[int]


@pytest.fixture
def other(authority: Authority, mail_certificate: Certificate) -> Iterator[Submission]:
    with running_submission(mail_certificate, str(authority.ca), security="starttls") as server:
        yield server


@pytest.fixture
def at_ports(
    tmp_path: Path, knowledge: Knowledge, other: Submission, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[int], Two]]:
    """Return what makes a sender whose first server is at a port, the other one behind it."""
    made: list[Sender] = []

    def make(port: int) -> Two:
        provider = Provider(
            "two", "Two", "Two", "password", is_confirmed=True, source="",
            smtp=ServerEntry("localhost", port, "tls"),
            smtp_also=ServerEntry("localhost", other.port, "starttls"),
        )  # fmt: skip
        monkeypatch.setattr("bounce_assistant.services.posting.provider_of", lambda _: provider)
        account = replace(other.account(id=0), smtp_port=port, smtp_security="tls")
        sender = make_sender(tmp_path, other, knowledge, account=account)
        made.append(sender)
        context = ssl.create_default_context(cafile=other.ca)
        two = Two(sender, provider, [])

        def post(
            account: Account, credential: Credential, line: Line, provider: Provider | None
        ) -> Mailer:
            two.tried.append(account.smtp_port)
            line.timeout = PATIENCE
            return connect_smtp(account, credential, line, provider, context, answer_seconds=5)

        clock = sender.clock
        sender.outbox = Outbox(
            sender.store, sender.accounts, post=post, now=clock.now, monotonic=clock.monotonic
        )
        sender.resend._outbox = sender.outbox
        return two

    yield make
    for one in made:
        one.store.close()


def sent(two: Two, person: str = "dana@example.net") -> OutgoingState:
    (message,) = two.sender.send(two.sender.case(person))
    return run_until_over(two.sender, message)


def test_a_port_that_is_shut_is_gone_round_and_remembered(
    at_ports: Callable[[int], Two], other: Submission
) -> None:
    shut = free_port()
    two = at_ports(shut)
    assert sent(two) is OutgoingState.SENT
    assert sent(two, "sam@example.net") is OutgoingState.SENT
    assert two.tried == [shut, other.port, other.port]
    assert len(other.received) == 2
    assert len(set(other.ids())) == 2


def test_a_port_where_somebody_takes_the_call_and_says_nothing_is_gone_round(
    at_ports: Callable[[int], Two], other: Submission
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        two = at_ports(listener.getsockname()[1])
        assert sent(two) is OutgoingState.SENT
    assert len(other.received) == 1


def test_a_refused_sign_in_is_said_to_one_server_only(
    at_ports: Callable[[int], Two], submission: Submission, other: Submission
) -> None:
    two = at_ports(submission.port)
    two.sender.accounts.set_password(two.sender.account, "wrong")
    assert sent(two) is OutgoingState.REFUSED
    assert len(submission.refused) == 1
    assert other.refused == other.signed_in == []


@pytest.mark.parametrize(
    ("stage", "state"),
    [("mail", OutgoingState.SCHEDULED), ("data", OutgoingState.UNKNOWN)],
)
def test_what_was_begun_at_one_server_never_goes_to_the_other(
    at_ports: Callable[[int], Two],
    submission: Submission,
    other: Submission,
    stage: str,
    state: OutgoingState,
) -> None:
    submission.mood.replies[stage] = "drop"
    two = at_ports(submission.port)
    assert sent(two) is state
    assert two.tried == [submission.port]
    assert other.signed_in == []
    assert other.received == []


def test_a_server_that_proves_to_be_another_is_not_gone_round(
    at_ports: Callable[[int], Two], authority: Authority, other: Submission
) -> None:
    wrong = authority.issue("elsewhere", host="other.example")
    with running_submission(wrong, str(authority.ca)) as server:
        two = at_ports(server.port)
        assert sent(two) is OutgoingState.REFUSED
    assert two.tried == [server.port]
    assert other.signed_in == []


def test_where_none_can_be_reached_the_account_s_own_server_is_named(
    at_ports: Callable[[int], Two], other: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = at_ports(free_port())
    shut = replace(two.sender.account, smtp_port=free_port())
    monkeypatch.setattr(
        "bounce_assistant.services.posting.sending_ways", lambda one, _: [one, shut]
    )
    (message,) = two.sender.send(two.sender.case())
    assert run_until_over(two.sender, message) is OutgoingState.SCHEDULED
    found = two.sender.outbox.get(message)
    assert found
    assert f"at port {two.sender.account.smtp_port}" in found.problem
    assert other.received == []


def test_only_the_provider_s_own_servers_stand_in_for_each_other() -> None:
    providers = load_providers()
    gmail = providers.by_id("gmail")
    assert gmail
    assert gmail.smtp
    account = Account(
        1, "rosa@gmail.com", "imap.gmail.com", 993, "tls", "smtp.gmail.com", 465, "tls", "rosa"
    )
    ways = partial(sending_ways, provider=gmail)
    assert [one.smtp_port for one in ways(account)] == [465, 587]
    at_587 = replace(account, smtp_port=587, smtp_security="starttls")
    assert [one.smtp_port for one in ways(at_587)] == [587, 465]
    by_hand = replace(account, smtp_host="relay.example.com")
    assert ways(by_hand) == [by_hand]
    assert sending_ways(account, None) == [account]
