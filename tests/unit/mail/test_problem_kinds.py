"""Each trouble with a mail server has a kind of its own, and the provider's own page."""

import ssl
from contextlib import closing
from dataclasses import replace

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError, ProblemKind, explain
from tests.servers.certificates import Authority
from tests.servers.ports import free_port
from tests.servers.scripted_imap import HANG_UP, SILENCE, Script, scripted_imap
from tests.unit.mail.connecting import ACCOUNT, at, connect, refused


@pytest.fixture
def script(authority: Authority) -> Script:
    return Script(certificate=authority.issue("good"))


@pytest.mark.parametrize(
    ("email", "answer", "kind", "page"),
    [
        ("d@gmail.com", b"{tag} NO Invalid credentials\r\n", ProblemKind.SIGN_IN, "apppasswords"),
        ("d@gmail.com", b"{tag} NO IMAP access is disabled\r\n", ProblemKind.IMAP_OFF, "7126229"),
        (
            "d@zoho.com",
            b"{tag} NO You are yet to enable IMAP\r\n",
            ProblemKind.IMAP_OFF,
            "imap-access",
        ),
        ("d@outlook.com", b"{tag} NO BasicAuthBlocked\r\n", ProblemKind.PASSWORDS_OFF, ""),
        ("d@example.com", b"{tag} NO Too many connections\r\n", ProblemKind.BUSY, ""),
        ("d@example.com", b"{tag} NO no\r\n", ProblemKind.SIGN_IN, ""),
    ],
)
def test_each_problem_has_its_kind_and_the_providers_page(
    script: Script, authority: Authority, email: str, answer: bytes, kind: ProblemKind, page: str
) -> None:
    told, _ = refused(replace(script, answers={"LOGIN": answer}), authority, email=email)
    assert isinstance(told, MailServerError)
    assert told.kind == kind
    assert page in told.help_url
    assert bool(page) == told.help_url.startswith("https://")


def test_a_mailbox_that_stays_shut_after_the_sign_in_has_imap_off(
    script: Script, authority: Authority
) -> None:
    shut = {"EXAMINE": b"{tag} BAD User is authenticated but not connected.\r\n"}
    with (
        scripted_imap(replace(script, answers=shut)) as server,
        closing(connect(at(server.port), authority)) as mailbox,
        pytest.raises(MailServerError, match="IMAP is turned off") as told,
    ):
        mailbox.open("INBOX")
    assert told.value.kind == ProblemKind.IMAP_OFF


def test_each_stage_of_a_connection_has_a_problem_of_its_own(
    script: Script, authority: Authority
) -> None:
    def kind(account: Account) -> ProblemKind:
        with pytest.raises(MailServerError) as told:
            connect(account, authority)
        return told.value.kind

    assert kind(replace(ACCOUNT, imap_host="imap.nowhere.invalid")) == ProblemKind.NO_NAME
    assert kind(at(free_port())) == ProblemKind.NO_PORT
    with scripted_imap(Script()) as plain:
        assert kind(at(plain.port)) == ProblemKind.NO_TLS
        assert kind(at(plain.port, security="starttls")) == ProblemKind.NO_TLS
    expired = Script(certificate=authority.issue("expired", days_left=-1))
    with scripted_imap(expired) as server:
        assert kind(at(server.port)) == ProblemKind.CERTIFICATE
    with scripted_imap(replace(script, greeting=SILENCE)) as server:
        assert kind(at(server.port)) == ProblemKind.SILENT
    with scripted_imap(replace(script, greeting=HANG_UP)) as server:
        assert kind(at(server.port)) == ProblemKind.CUT
    with scripted_imap(replace(script, answers={"LOGIN": b"{tag} NO no\r\n"})) as server:
        assert kind(at(server.port)) == ProblemKind.SIGN_IN


def test_trouble_with_tls_in_the_middle_is_a_line_that_broke() -> None:
    error = ssl.SSLError(1, "[SSL] decryption failed or bad record mac")
    assert explain(error, ACCOUNT.imap, is_in_use=True).kind is ProblemKind.CUT
    assert explain(error, ACCOUNT.imap).kind is ProblemKind.NO_TLS
