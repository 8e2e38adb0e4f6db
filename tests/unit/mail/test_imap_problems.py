"""Every way a mail server can disappoint ends in a sentence, and none gets the password."""

import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import FolderState
from bounce_assistant.mail.problems import (
    CertificateError,
    SignInRefusedError,
)
from tests.servers.certificates import Authority
from tests.servers.ports import free_port
from tests.servers.scripted_imap import HANG_UP, SILENCE, Script, scripted_imap
from tests.unit.mail.connecting import ACCOUNT, PASSWORD, at, connect, refused, sentence


@pytest.fixture
def script(authority: Authority) -> Script:
    return Script(certificate=authority.issue("good"))


def test_a_name_nobody_has_is_told(authority: Authority) -> None:
    with pytest.raises(AppError) as told:
        connect(replace(ACCOUNT, imap_host="imap.nowhere.invalid"), authority)
    assert "Can't reach imap.nowhere.invalid." in sentence(told.value)
    assert "saved emails still work" in told.value.next_step


def test_a_closed_port_is_told(authority: Authority) -> None:
    port = free_port()
    with pytest.raises(AppError) as told:
        connect(at(port), authority)
    assert f"localhost doesn't take connections at port {port}." in sentence(told.value)


@pytest.mark.parametrize(
    ("host", "days_left", "why"),
    [
        ("localhost", -1, "Its certificate has expired."),
        ("mail.other.example", 20, "Its certificate is for another name."),
    ],
)
def test_a_doubtful_certificate_gets_no_password(
    authority: Authority, host: str, days_left: int, why: str
) -> None:
    certificate = authority.issue(f"doubtful{days_left}", host=host, days_left=days_left)
    told, heard = refused(Script(certificate=certificate), authority)
    assert isinstance(told, CertificateError)
    assert "so we stopped before sending your password" in sentence(told)
    assert told.detail == why
    assert heard == []


def test_a_certificate_nobody_vouches_for_gets_no_password(
    authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = Authority(tmp_path_factory.mktemp("stranger"), "Some CA")
    told, heard = refused(Script(certificate=stranger.issue("strange")), authority)
    assert told.detail == "Nobody this computer trusts has vouched for its certificate."
    assert heard == []


def test_a_certificate_that_is_trusted_but_oddly_made_gets_no_password(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    by_hand = Authority(tmp_path_factory.mktemp("ca"), says_its_usage=False)
    told, heard = refused(Script(certificate=by_hand.issue("odd")), by_hand)
    assert "isn't made as it has to be today." in sentence(told)
    assert "RFC 5280" in told.next_step
    assert heard == []


def test_a_server_that_hides_starttls_gets_no_password(authority: Authority) -> None:
    told, heard = refused(Script(), authority, security="starttls")
    assert "didn't offer a secure connection" in sentence(told)
    assert not [line for line in heard if b"LOGIN" in line or b"AUTHENTICATE" in line]


def test_a_server_that_skips_the_sign_in_gets_no_trust(authority: Authority) -> None:
    greeted = Script(greeting=b"* PREAUTH welcome\r\n", capability=b"IMAP4rev1 STARTTLS")
    told, _ = refused(greeted, authority, security="starttls")
    assert "didn't offer a secure connection" in sentence(told)


def test_a_server_that_refuses_starttls_gets_no_password(authority: Authority) -> None:
    script = Script(
        capability=b"IMAP4rev1 STARTTLS", answers={"STARTTLS": b"{tag} NO not today\r\n"}
    )
    told, heard = refused(script, authority, security="starttls")
    assert "didn't offer a secure connection" in sentence(told)
    assert not [line for line in heard if b"LOGIN" in line]


def test_plain_text_where_tls_is_expected_is_told(authority: Authority) -> None:
    told, _ = refused(Script(), authority)
    assert "doesn't offer a secure connection at port" in sentence(told)


@pytest.mark.parametrize(
    ("email", "answer", "said"),
    [
        ("d@example.com", b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", "localhost didn't accept"),
        ("d@gmail.com", b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n", "16 letters"),
        ("d@aol.com", b"{tag} NO no\r\n", "https://login.aol.com/account/security/app-passwords"),
        ("d@att.net", b"{tag} NO no\r\n", "secure mail key"),
        ("d@outlook.com", b"{tag} NO LOGIN failed.\r\n", "Microsoft no longer lets apps sign in"),
        (
            "d@gmail.com",
            b"{tag} NO [ALERT] Your account is not enabled for IMAP use.\r\n",
            "IMAP is turned off for this mailbox, so no app can read it.",
        ),
        (
            "d@gmail.com",
            b"{tag} NO [WEBALERT https://x] Web login required.\r\n",
            "Google wants you to sign in on its own web page first.",
        ),
        (
            "d@example.com",
            b"{tag} NO Application-specific password required\r\n",
            "made for one app",
        ),
        (
            "d@example.com",
            b"{tag} NO [UNAVAILABLE] Temporary authentication failure\r\n",
            "too busy to let us in",
        ),
    ],
)
def test_a_refused_sign_in_says_why(
    script: Script, authority: Authority, email: str, answer: bytes, said: str
) -> None:
    told, _ = refused(replace(script, answers={"LOGIN": answer}), authority, email=email)
    assert said in sentence(told)


def test_nothing_that_is_raised_carries_the_password(script: Script, authority: Authority) -> None:
    said_back = {"LOGIN": f"{{tag}} BAD Error: LOGIN dana {PASSWORD}\r\n".encode()}
    told, _ = refused(replace(script, answers=said_back), authority)
    chain: list[BaseException] = [told]
    while inner := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(inner)
    assert not [one for one in chain if PASSWORD in str(one)]


def test_an_unconfirmed_provider_is_not_accused(script: Script, authority: Authority) -> None:
    no = {"LOGIN": b"{tag} NO no\r\n"}
    told, _ = refused(replace(script, answers=no), authority, email="d@frontier.com")
    assert isinstance(told, SignInRefusedError)
    assert "Frontier" not in sentence(told)
    assert "yahoo" not in sentence(told).lower()


def test_icloud_is_tried_with_the_whole_address_too(script: Script, authority: Authority) -> None:
    answers = {'LOGIN "?dana"? ': b"{tag} NO no\r\n"}
    with scripted_imap(replace(script, answers=answers)) as server:
        connect(at(server.port, email="dana@icloud.com"), authority).close()
        logins = [line.split(b" ")[2].strip(b'"') for line in server.heard if b"LOGIN" in line]
    assert logins == [b"dana", b"dana@icloud.com"]


def test_a_password_beyond_ascii_is_sent_whole(authority: Authority, script: Script) -> None:
    answers = {"AUTHENTICATE": b"+ \r\n", "": b""}
    with scripted_imap(
        replace(script, answers={"AUTHENTICATE": answers["AUTHENTICATE"]})
    ) as server:
        account = replace(ACCOUNT, imap_port=server.port)
        context = ssl.create_default_context(cafile=authority.ca)
        with pytest.raises(AppError):
            connect_imap(account, Password("pässwört"), Line(timeout=0.5), None, context)
        assert any(b"AUTHENTICATE PLAIN" in line for line in server.heard)


def test_a_line_break_in_a_password_is_not_sent(script: Script, authority: Authority) -> None:
    with scripted_imap(script) as server:
        account = replace(ACCOUNT, imap_port=server.port)
        context = ssl.create_default_context(cafile=authority.ca)
        with pytest.raises(AppError, match="can't be sent"):
            connect_imap(
                account, Password("a\r\nA1 DELETE INBOX"), Line(timeout=0.5), None, context
            )
        assert not [line for line in server.heard if b"DELETE" in line]


@pytest.mark.parametrize(
    ("greeting", "said"),
    [
        (b"* BYE too many connections\r\n", "The connection to localhost was cut."),
        (HANG_UP, "The connection to localhost was cut."),
        (SILENCE, "localhost stopped answering."),
        (b"220 smtp.example.com ESMTP\r\n", "localhost"),
        (b"\xff\xfe\x00nonsense\r\n", "localhost"),
    ],
)
def test_an_odd_greeting_is_told(
    script: Script, authority: Authority, greeting: bytes, said: str
) -> None:
    told, _ = refused(replace(script, greeting=greeting), authority)
    assert said in sentence(told)


def use(mailbox: ImapMailbox) -> None:
    mailbox.folders()
    mailbox.open("INBOX")
    looks = list(mailbox.looks(mailbox.uids(date(2026, 1, 1))))
    list(mailbox.messages(looks))


@pytest.mark.parametrize("command", ["LIST", "EXAMINE", "UID SEARCH", "UID FETCH"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"* BYE going down\r\n" + HANG_UP, "was cut"),
        (HANG_UP, "was cut"),
        (b"{tag} NO it's lunch time\r\n", "lunch time"),
        (b"{tag} BAD what?\r\n", "what?"),
        (SILENCE, "stopped answering"),
    ],
)
def test_a_server_that_gives_up_midway_is_told(
    script: Script, authority: Authority, command: str, answer: bytes, said: str
) -> None:
    answers = {command: answer, "UID SEARCH": b"* SEARCH 1 2\r\n{tag} OK done\r\n"}
    if command == "UID SEARCH":
        answers = {command: answer}
    with scripted_imap(replace(script, answers=answers)) as server:
        mailbox = connect(at(server.port), authority)
        with pytest.raises(AppError) as told:
            use(mailbox)
        mailbox.close()
    assert said in str(told.value)


NOTHING: tuple[object, ...] = (
    ("INBOX",),
    FolderState(0, None, 0, None),
    [],
)  # what silence would give


@pytest.mark.parametrize(
    "answer",
    [
        b"* SEARCH ( [ \r\n{tag} OK done\r\n",
        b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n",
        b"* 1 FETCH (UID x BODY[] {3}\r\nabc)\r\n{tag} OK done\r\n",
        b"* LIST\r\n{tag} OK done\r\n",
        b"\x00\xff\r\n{tag} OK done\r\n",
        b"x" * 2_000_000 + b"\r\n",
    ],
)
def test_nonsense_is_told_and_never_believed(
    script: Script, authority: Authority, answer: bytes
) -> None:
    commands: list[Callable[[ImapMailbox], object]] = [
        ImapMailbox.folders,
        lambda mailbox: mailbox.open("INBOX"),
        lambda mailbox: mailbox.uids(date(2026, 1, 1)),
        lambda mailbox: list(mailbox.looks([1])),
    ]
    for number, command in enumerate(commands):
        answers = {"EXAMINE" if number == 1 else "LIST|UID": answer}
        with scripted_imap(replace(script, answers=answers)) as server:
            mailbox = connect(at(server.port), authority)
            try:
                if number > 1:
                    mailbox.open("INBOX")
                assert command(mailbox) in NOTHING
            except AppError as told:
                sentence(told)
            finally:
                mailbox.close()


@pytest.mark.parametrize("stage", ["greeting", "sign-in", "search"])
def test_hanging_up_frees_a_blocked_read_at_once(
    script: Script, authority: Authority, stage: str
) -> None:
    if stage == "greeting":
        script = replace(script, greeting=SILENCE)
    script = replace(
        script, answers={{"sign-in": "LOGIN", "search": "UID", "greeting": "x"}[stage]: SILENCE}
    )
    line, ended = Line(timeout=20), threading.Event()

    def work() -> None:
        try:
            with closing(connect(at(port), authority, line)) as mailbox:
                use(mailbox)
        except CancelledError:
            ended.set()

    with scripted_imap(script) as server:
        port = server.port
        worker = threading.Thread(target=work)
        worker.start()
        waiting = {"greeting": 0, "sign-in": 2, "search": 5}[stage]
        while len(server.heard) < waiting:
            assert worker.is_alive()
        line.hang_up()
        assert ended.wait(1)
        worker.join(1)


def test_a_line_hung_up_before_it_dialled_never_connects(
    script: Script, authority: Authority
) -> None:
    line = Line()
    line.hang_up()
    with scripted_imap(script) as server:
        with pytest.raises(CancelledError):
            connect(at(server.port), authority, line)
        assert server.heard == []
