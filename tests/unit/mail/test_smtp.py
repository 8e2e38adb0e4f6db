"""The mailer on a real server: what it raises says whether anything was sent."""

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Password, Token
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailer import NotTakenError, Taken, UnheardError, UnreachableError
from bounce_assistant.mail.problems import CertificateError, SignInRefusedError
from bounce_assistant.mail.smtp import SmtpMailer, connect_smtp
from tests.servers.certificates import Authority, Certificate
from tests.servers.ports import free_port
from tests.servers.submission import PASSWORD, Submission, running_submission
from tests.servers.tls import server_context

MAIL = b"From: a@example.com\r\nTo: b@example.net\r\nSubject: Hi\r\n\r\n.dot first\r\nBye\r\n"
WAITS = 20


def connect(
    server: Submission, account: Account | None = None, password: str = PASSWORD,
    line: Line | None = None, answer_seconds: float = WAITS,
) -> SmtpMailer:  # fmt: skip
    context = ssl.create_default_context(cafile=server.ca)
    return connect_smtp(
        account or server.account(),
        Password(password),
        line or Line(WAITS),
        None,
        context,
        answer_seconds=answer_seconds,
    )


def send(
    mailer: SmtpMailer, raw: bytes = MAIL, to: tuple[str, ...] = ("b@example.net",), **how: bool
) -> Taken:
    try:
        return mailer.send("a@example.com", to, raw, lambda: None, **how)
    finally:
        mailer.close()


@pytest.fixture
def starttls(authority: Authority, mail_certificate: Certificate) -> Iterator[Submission]:
    with running_submission(mail_certificate, str(authority.ca), security="starttls") as server:
        yield server


def test_a_message_arrives_byte_for_byte(submission: Submission) -> None:
    assert send(connect(submission)).words == "250 2.0.0 OK queued"
    (received,) = submission.received
    assert received.raw == MAIL
    assert received.sender == "a@example.com"
    assert submission.signed_in == ["agent@example.com"]


def test_starttls_encrypts_before_the_sign_in(starttls: Submission) -> None:
    send(connect(starttls))
    assert starttls.signed_in == ["agent@example.com"]
    assert len(starttls.received) == 1


def test_a_server_that_hides_starttls_gets_no_password(
    authority: Authority, mail_certificate: Certificate
) -> None:
    with running_submission(
        mail_certificate, str(authority.ca), security="starttls", hides_starttls=True
    ) as server:
        with pytest.raises(CertificateError, match="before sending your password"):
            connect(server)
        assert server.signed_in == []


@pytest.mark.parametrize("fault", ["expired", "other name", "unknown"])
def test_a_certificate_that_proves_nothing_gets_no_password(
    authority: Authority, tmp_path_factory: pytest.TempPathFactory, fault: str
) -> None:
    stranger = Authority(tmp_path_factory.mktemp("stranger"))
    certificate = {
        "expired": lambda: authority.issue("old-smtp", days_left=-1),
        "other name": lambda: authority.issue("other-smtp", host="mail.example.org"),
        "unknown": lambda: stranger.issue("strange-smtp"),
    }[fault]()
    with running_submission(certificate, str(authority.ca)) as server:
        with pytest.raises(CertificateError):
            connect(server)
        assert server.signed_in == []


def test_a_wrong_password_is_told_with_the_servers_words(submission: Submission) -> None:
    with pytest.raises(SignInRefusedError, match="sign in to send") as told:
        connect(submission, password="wrong")
    assert "Nothing was sent." in str(told.value)
    assert "wrong" not in str(told.value)


@pytest.mark.parametrize("cut", [200, 30])
@pytest.mark.parametrize("offered", [b"PLAIN", b"LOGIN", b"XOAUTH2"])
def test_a_server_that_says_the_secret_back_does_not_get_it_told(
    authority: Authority, mail_certificate: Certificate, offered: bytes, cut: int
) -> None:
    """Its words are shown and kept; sendmail, for one, quotes what it doesn't know."""
    secret = "a-quite-long-secret-of-hers"
    credential = Token(lambda _again: secret) if offered == b"XOAUTH2" else Password(secret)
    with echoing_smtp(mail_certificate, offered, cut) as account:
        context = ssl.create_default_context(cafile=authority.ca)
        with pytest.raises(SignInRefusedError) as told:
            connect_smtp(account, credential, Line(WAITS), None, context)
    coded = b64encode(secret.encode()).decode()[:10]
    whole = b64encode(f"\0agent@example.com\0{secret}".encode()).decode()[:20]
    assert not [one for one in (secret, coded, whole, "Bearer") if one in str(told.value)]


def test_words_before_tls_are_forgotten(
    authority: Authority, mail_certificate: Certificate
) -> None:
    """What somebody on the way adds to the answer to STARTTLS is nothing (CVE-2011-0411)."""
    injected = b"250-localhost\r\n250 AUTH XOAUTH2\r\n235 welcome\r\n"
    with echoing_smtp(mail_certificate, b"PLAIN", 200, injected) as account:
        context = ssl.create_default_context(cafile=authority.ca)
        with pytest.raises(SignInRefusedError):
            connect_smtp(account, Password("secret!!"), Line(WAITS), None, context)


@contextmanager
def echoing_smtp(
    certificate: Certificate, offered: bytes, cut: int, injected: bytes = b""
) -> Iterator[Account]:
    """Take one caller by STARTTLS, and refuse every sign-in by quoting it."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(WAITS)
    features = b"250-localhost\r\n250-STARTTLS\r\n250 AUTH " + offered + b"\r\n"

    def talk() -> None:
        with suppress(OSError), ExitStack() as left:
            sock, _ = listener.accept()
            left.callback(sock.close)
            sock.settimeout(WAITS)
            sock.sendall(b"220 ready\r\n")
            for answer in (features, b"220 go\r\n" + injected):
                sock.recv(4096)
                sock.sendall(answer)
            with server_context(certificate).wrap_socket(sock, server_side=True) as secured:
                secured.recv(4096)
                secured.sendall(features)
                asked = secured.recv(4096)
                for _ in ("the name", "the password") if asked.strip() == b"AUTH LOGIN" else ():
                    secured.sendall(b"334 go on\r\n")
                    asked = secured.recv(4096)
                while asked:  # a token is tried twice
                    secured.sendall(b"500 5.5.1 unknown: " + asked.strip()[:cut] + b"\r\n")
                    asked = secured.recv(4096)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    email = "agent@example.com"
    try:
        yield Account(
            1, email, "localhost", 1, "tls", "localhost", port, "starttls", username=email
        )
    finally:
        listener.close()
        thread.join(WAITS)


def test_a_reply_without_end_is_not_read_to_it(
    authority: Authority, mail_certificate: Certificate
) -> None:
    endless = b"250-more\r\n" * 5_000
    with echoing_smtp(mail_certificate, endless.strip(), 200) as account:
        context = ssl.create_default_context(cafile=authority.ca)
        with pytest.raises(UnreachableError, match="Can't reach localhost"):
            connect_smtp(account, Password("secret!!"), Line(WAITS), None, context)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_refusal_names_the_words_and_says_that_nothing_was_sent(
    submission: Submission, stage: str
) -> None:
    submission.mood.replies[stage] = "554 5.7.1 Spam\r\n"
    with pytest.raises(NotTakenError, match="didn't accept the email") as told:
        send(connect(submission))
    assert "554 5.7.1 Spam" in told.value.detail
    assert "Nothing was sent." in told.value.detail
    assert not told.value.refusal.is_for_now
    assert submission.received == []


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_greylisting_is_for_now_only(submission: Submission, stage: str) -> None:
    submission.mood.replies[stage] = "451 4.7.1 Greylisted, try again in 5 minutes"
    submission.mood.once = True
    with pytest.raises(NotTakenError) as told:
        send(connect(submission))
    assert told.value.refusal.is_for_now
    send(connect(submission))
    assert len(submission.received) == 1


def test_of_two_people_the_other_one_gets_it(submission: Submission) -> None:
    submission.mood.rcpt["no@example.net"] = "550 5.1.1 Unknown"
    taken = send(connect(submission), to=("no@example.net", "b@example.net"))
    assert {who: one.words for who, one in taken.refused.items()} == {
        "no@example.net": "550 5.1.1 Unknown"
    }
    assert submission.received[0].recipients == ["b@example.net"]


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
def test_a_line_cut_before_the_message_means_nothing_was_sent(
    submission: Submission, stage: str
) -> None:
    submission.mood.replies[stage] = "drop"
    with pytest.raises(UnreachableError, match="Can't reach"):
        send(connect(submission))


@pytest.mark.parametrize("takes", [True, False])
def test_a_line_cut_after_the_message_leaves_it_open(
    submission: Submission, *, takes: bool
) -> None:
    submission.mood.replies["data"] = "drop"
    submission.mood.takes = takes
    with pytest.raises(UnheardError, match="never said"):
        send(connect(submission))


def test_an_answer_that_never_comes_leaves_it_open(submission: Submission) -> None:
    submission.mood.replies["data"] = "silence"
    with pytest.raises(UnheardError):
        send(connect(submission, answer_seconds=0.3))
    assert len(submission.received) == 1


def test_stop_before_the_message_sends_nothing(submission: Submission) -> None:
    submission.mood.replies["rcpt"] = "silence"
    line = Line(WAITS)
    mailer = connect(submission, line=line)
    stop = threading.Timer(0.2, line.hang_up)
    stop.start()
    with pytest.raises(CancelledError):
        send(mailer)
    stop.join(WAITS)
    assert submission.received == []


def test_stop_while_waiting_for_the_answer_leaves_it_open(submission: Submission) -> None:
    submission.mood.replies["data"] = "silence"
    line = Line(WAITS)
    mailer = connect(submission, line=line)

    def stop() -> None:
        assert submission.arrived.wait(WAITS)
        line.hang_up()

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(UnheardError):
        send(mailer)
    stopping.join(WAITS)


def test_what_begin_raises_sends_nothing_and_keeps_the_line(submission: Submission) -> None:
    mailer = connect(submission)

    def called_back() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        mailer.send("a@example.com", ["b@example.net"], MAIL, called_back)
    assert submission.received == []
    send(mailer)
    assert len(submission.received) == 1


def test_two_messages_go_over_one_line(submission: Submission) -> None:
    mailer = connect(submission)
    mailer.send("a@example.com", ["b@example.net"], MAIL, lambda: None)
    send(mailer)
    assert len(submission.received) == 2
    assert len(submission.signed_in) == 1


def test_a_message_that_is_too_big_is_not_even_offered(
    authority: Authority, mail_certificate: Certificate
) -> None:
    with running_submission(mail_certificate, str(authority.ca), size=1_000_000) as server:
        with pytest.raises(NotTakenError, match="too big") as told:
            send(connect(server), MAIL + b"x" * 1_500_000)
        assert "1.5 MB" in told.value.detail
        assert "1.0 MB" in told.value.detail
        assert server.received == []


def test_an_address_in_other_letters_needs_a_server_that_knows_them(
    authority: Authority, mail_certificate: Certificate, submission: Submission
) -> None:
    with (
        running_submission(mail_certificate, str(authority.ca), utf8=False) as server,
        pytest.raises(NotTakenError, match="can't send this email"),
    ):
        send(connect(server), to=("dé@example.net",), needs_utf8=True)
    send(connect(submission), to=("dé@example.net",), needs_utf8=True)
    assert submission.received[0].recipients == ["dé@example.net"]


def test_a_domain_in_other_letters_goes_in_ascii(submission: Submission) -> None:
    send(connect(submission), to=("b@straße.example",))
    assert submission.received[0].recipients == ["b@xn--strae-oqa.example"]


def test_lone_line_ends_can_end_nothing(submission: Submission) -> None:
    smuggled = b"Subject: x\r\n\r\nHi\n.\nMAIL FROM:<evil@example.org>\r.\rBye"
    send(connect(submission), smuggled)
    (received,) = submission.received
    assert b"\r\n.\r\nMAIL FROM" in received.raw
    assert received.raw.count(b"\n") == received.raw.count(b"\r\n")


def test_a_server_out_of_reach_is_told_before_anything_is_sent(submission: Submission) -> None:
    with pytest.raises(UnreachableError, match="Can't reach localhost to send"):
        connect(submission, submission.account(smtp_port=free_port()))


def test_a_server_that_speaks_no_tls_gets_no_password(submission: Submission) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]

        def answer() -> None:
            client, _ = plain.accept()
            with client:
                client.settimeout(WAITS)
                client.recv(1)
                client.sendall(b"220 plain ESMTP\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(CertificateError, match="doesn't offer a secure connection"):
            connect(submission, submission.account(smtp_port=port))
        thread.join(WAITS)


def test_an_account_without_an_outgoing_server_says_so(submission: Submission) -> None:
    with pytest.raises(AppError, match="don't know how to send"):
        connect(submission, submission.account(smtp_host=""))
