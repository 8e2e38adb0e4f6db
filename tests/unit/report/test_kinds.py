"""What a message is: a bounce, a delay, an answer by a robot, or ordinary mail that looks alike."""

import pytest

from bounce_assistant.report.facts import MessageKind
from tests.unit.report.mails import UNA, dsn, mail, read, recipients

DANA = "dana@larkspur.example"
SAID = (
    "This is the mail system at host mail.oakfield.example.\n\n"
    "I'm sorry to have to inform you that your message could not\n"
    "be delivered to one or more recipients.\n\n"
    f"<{DANA}>: host mx.larkspur.example[192.0.2.5] said: 550 5.1.1 User unknown\n"
)
FAILED = f"Final-Recipient: rfc822; {DANA}\nAction: failed\nStatus: 5.1.1\n"
NOTICE = mail(SAID)


def kind(raw: str) -> MessageKind:
    return read(raw).kind


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def test_a_notice_that_mail_failed_is_a_bounce() -> None:
    assert kind(NOTICE) is MessageKind.BOUNCE


@pytest.mark.parametrize("path", ["<>", None, "<MAILER-DAEMON>", "<agent@oakfield.example>"])
def test_a_notice_is_one_by_whatever_path_it_came(path: str | None) -> None:
    assert kind(mail(SAID, return_path=path)) is MessageKind.BOUNCE


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "failure notice",
        "Undeliverable: 12 Elm Street",
        "Returned mail: see transcript for details",
        "Mail delivery failed",
        "12 Elm Street",
        "=?utf-8?q?Unzustellbar=3A_Angebot?=",
    ],
)
def test_a_notice_is_one_under_any_subject(subject: str) -> None:
    assert kind(mail(SAID, subject=subject)) is MessageKind.BOUNCE


@pytest.mark.parametrize(
    "words",
    [
        "Warning: your message is delayed. Delivery attempts will continue.",
        "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        "Your message has not yet been delivered. We will keep trying for 4 days.",
    ],
)
def test_a_warning_that_mail_is_late_is_a_delay(words: str) -> None:
    raw = mail(f"{words}\n\n<{DANA}>: connection timed out\n", subject="Delivery delayed")
    assert kind(raw) is MessageKind.DELAY


@pytest.mark.parametrize(
    "words",
    [
        "We keep trying for 3 days. No further action is required on your side.",
        "We will retry for 2 days before giving up.",
        "It is delayed. If it does not succeed you will be sent a permanent failure notice.",
        "Es wird weiterhin versucht. Falls die Zustellung aufgegeben wird, erfahren Sie es.",
        "Votre message est retardé. Si la remise est abandonnée, vous en serez averti.",
        "Your message could not be delivered for more than 4 hour(s). It will be retried.",
    ],
)
def test_what_a_server_would_do_later_has_not_come_to_pass(words: str) -> None:
    assert kind(mail(f"{words}\n\n<{DANA}>: connection timed out\n")) is MessageKind.DELAY


@pytest.mark.parametrize(
    "words",
    [
        "It was still trying for 5 days and has now given up. If you like, send it again.",
        "Your message could not be delivered for 5 days and was deleted.",
        "We will keep no copy. It will not be retried.",
    ],
)
def test_who_has_given_up_is_late_no_more(words: str) -> None:
    assert kind(mail(f"{words}\n\n<{DANA}>: connection timed out\n")) is MessageKind.BOUNCE


def test_a_warning_that_came_true_is_a_bounce() -> None:
    raw = mail(f"We will no longer keep trying: giving up.\n\n<{DANA}>: timed out\n")
    assert kind(raw) is MessageKind.BOUNCE


def test_one_who_failed_among_those_reached_makes_a_bounce() -> None:
    reached = "Final-Recipient: rfc822; bob@x.example\nAction: delivered\nStatus: 2.0.0\n\n"
    assert kind(dsn(reached + FAILED)) is MessageKind.BOUNCE


@pytest.mark.parametrize(
    "fields",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: auto-replied (vacation)",),
        ("X-Autoreply: yes",),
        ("Precedence: auto_reply",),
        ("X-Autorespond: vacation",),
    ],
)
def test_an_answer_by_itself_is_an_auto_reply(fields: tuple[str, ...]) -> None:
    raw = mail("Away until Monday.", *fields, sender=UNA, subject="Re: 12 Elm Street")
    report = read(raw)
    assert report.kind is MessageKind.AUTO_REPLY
    assert [each.recipient for each in report.recipients] == ["una@example.net"]


@pytest.mark.parametrize("submitted", ["no", "auto-generated"])
def test_a_person_who_writes_about_holidays_is_no_auto_reply(submitted: str) -> None:
    raw = mail(
        "Our holiday homes are out of this world.",
        f"Auto-Submitted: {submitted}",
        sender=UNA,
        subject="Vacation rentals",
        return_path="<una@example.net>",
    )
    assert kind(raw) is MessageKind.NOT_A_BOUNCE


def test_a_persons_answer_below_a_quoted_notice_is_ordinary() -> None:
    raw = mail(
        f"Have you seen this?\n\n{quoted(SAID)}",
        "In-Reply-To: <1@oakfield.example>",
        sender=UNA,
        subject="Re: Undelivered Mail Returned to Sender",
        return_path="<una@example.net>",
    )
    assert kind(raw) is MessageKind.NOT_A_BOUNCE


def passed_on(sender: str, subject: str, *fields: str) -> str:
    """Return a mail that has nothing in it but a notice."""
    return mail(
        f"--f1\nContent-Type: text/plain\n\n\n--f1\nContent-Type: message/rfc822\n\n{NOTICE}--f1--",
        "Content-Type: multipart/mixed; boundary=f1",
        *fields,
        sender=sender,
        subject=subject,
        return_path="<una@example.net>",
    )


@pytest.mark.parametrize("subject", ["Fwd: failure notice", "FW: failure notice", "WG: x"])
@pytest.mark.parametrize(
    "sender", ["agent@private.example", "Mail Gateway <postmaster@gw.example>"]
)
def test_a_notice_that_oneself_or_a_server_passes_on_is_the_notice(
    sender: str, subject: str
) -> None:
    report = read(passed_on(sender, subject))
    assert report.kind is MessageKind.BOUNCE
    assert [each.recipient for each in report.recipients] == [DANA]


def test_a_notice_that_a_colleague_passes_on_is_a_letter_about_somebody_elses_bounce() -> None:
    assert kind(passed_on(UNA, "Fwd: failure notice")) is MessageKind.NOT_A_BOUNCE


def test_a_notice_passed_on_with_a_letter_is_a_letter() -> None:
    letter = "I have no idea what this means. Did you move to another company? Please call me."
    raw = mail(
        f"--f1\nContent-Type: text/plain\n\n{letter}\n"
        f"--f1\nContent-Type: message/rfc822\n\n{NOTICE}--f1--",
        "Content-Type: multipart/mixed; boundary=f1",
        sender=UNA,
        subject="Question",
        return_path="<una@example.net>",
    )
    assert kind(raw) is MessageKind.NOT_A_BOUNCE


def test_what_a_rule_passes_on_to_the_reader_with_a_few_words_is_the_notice() -> None:
    note = 'Automatically forwarded by the rule "bounces".'
    inner = NOTICE.replace("To: ", "To: agent@oakfield.example, ", 1)
    raw = mail(
        f"--f1\nContent-Type: text/plain\n\n{note}\n"
        f"--f1\nContent-Type: message/rfc822\n\n{inner}--f1--",
        "Content-Type: multipart/mixed; boundary=f1",
        "Auto-Submitted: auto-forwarded",
        sender="Office <office@oakfield.example>",
        subject="Fwd: failure notice",
        return_path="<office@oakfield.example>",
    )
    assert recipients(raw) == [DANA]


def test_a_notice_enclosed_in_one_without_a_reason_tells_why() -> None:
    said = f"This is about the list. Your post could not be delivered to {DANA}. See below."
    raw = mail(
        f"--f1\nContent-Type: text/plain\n\n{said}\n"
        "--f1\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.example\nSubject: Undelivered"
        f"\n\n{DANA}\n550 5.1.1 no such user\n--f1--",
        "Content-Type: multipart/mixed; boundary=f1",
        sender="talk-owner@lists.example",
    )
    (dana,) = read(raw).recipients
    assert (dana.recipient, dana.reply_code) == (DANA, "550")


def test_whom_mail_did_not_reach_may_stand_in_a_file_beside_the_notice() -> None:
    raw = mail(
        "--f1\nContent-Type: text/plain\n\nSome mail could not be delivered. See the list.\n"
        "--f1\nContent-Type: text/csv\nContent-Disposition: attachment; filename=l.csv\n\n"
        f"address,result\n{DANA},mailbox full\nbo@larkspur.example,no such user\n--f1--",
        "Content-Type: multipart/mixed; boundary=f1",
    )
    assert recipients(raw) == [DANA, "bo@larkspur.example"]


def test_a_mail_that_returned_a_notice_is_not_two() -> None:
    report = read(dsn(FAILED, original=NOTICE))
    assert [each.recipient for each in report.recipients] == [DANA]


@pytest.mark.parametrize(
    "sender", ["Mail Delivery <support@cheat.example>", "MAILER-DAEMON <daemon@cheat.example>"]
)
@pytest.mark.parametrize(
    "words",
    [
        "agent@oakfield.example has (5) undelivered messages. Click here to release messages.",
        "Messages to agent@oakfield.example could not be delivered. Verify your account now.",
        "Your mailbox agent@oakfield.example is full. Retrieve messages, or upgrade your storage.",
    ],
)
def test_phishing_that_imitates_a_notice_is_no_bounce(words: str, sender: str) -> None:
    assert kind(mail(words, sender=sender)) is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize(
    "fields",
    [
        ("Content-Type: text/calendar; method=REPLY",),
        ('Content-Type: multipart/report; report-type=disposition-notification; boundary="x"',),
        ("List-Id: <list.example>", "List-Unsubscribe: <https://list.example/u>"),
    ],
)
def test_calendar_answers_read_receipts_and_lists_are_ordinary(fields: tuple[str, ...]) -> None:
    raw = mail("It was read.", *fields, sender=UNA, subject="Read: 12 Elm Street")
    assert kind(raw) is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize("raw", ["", "\n\n\n", "x", "From: \n\n", "Subject:\nTo:\n\n\n"])
def test_next_to_nothing_is_no_bounce(raw: str) -> None:
    assert kind(raw) is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize(
    "fields",
    [
        ("Reply-To: flats+confsub-5e17-agent=oakfield.example@lists.example",),
        ("Reply-To: flats-sc.1795804648.abc-agent=oakfield.example@lists.example",),
        ("Reply-To: flats-confirm+9f3a@lists.example",),
        ("Precedence: list", "X-Sympa-To: flats"),
    ],
)
def test_a_lists_questions_and_digests_are_ordinary(fields: tuple[str, ...]) -> None:
    def signs(*fields: str) -> tuple[str, ...]:
        sender, subject = "flats+help@lists.example", "Flats digest: undelivered"
        return read(mail(SAID, *fields, sender=sender, subject=subject)).signs

    assert any(sign.endswith(" -8") for sign in signs(*fields))
    assert not any(sign.endswith(" -8") for sign in signs())
