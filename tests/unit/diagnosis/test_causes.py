"""What the agent is told: the reason, and what surrounds it."""

import pytest

from bounce_assistant.diagnosis.reasons import Reason
from bounce_assistant.diagnosis.verdict import BounceType, Diagnosis
from bounce_assistant.report.facts import DsnAction, MessageKind, OriginalMessage
from bounce_assistant.services.examine import Yours, examine_report
from tests.unit.diagnosis.reports import DANA, KNOWLEDGE, recipient_of, report_of

GMAIL = OriginalMessage(
    sender="agent@gmail.com",
    to=(DANA,),
    headers=(("Received", "by mail.gmail.com with SMTP id abc"),),
)
FORGED = OriginalMessage(
    sender="agent@gmail.com", to=(DANA,), headers=(("Received", "from mx.cheat.example"),)
)
OWN = frozenset({"agent@gmail.com"})


def cause(
    words: str,
    *,
    address: str = DANA,
    service: str = "",
    original: OriginalMessage | None = None,
    text: str | None = None,
) -> Diagnosis:
    """Return the verdict on one bounce of a server's words."""
    recipient = recipient_of(words, address=address)
    report = report_of(recipient, service=service, original=original, text=text)
    (diagnosis,) = examine_report(report, KNOWLEDGE, Yours(OWN)).diagnoses
    return diagnosis


def slot(diagnosis: Diagnosis, name: str) -> str:
    return dict(diagnosis.slots).get(name, "")


@pytest.mark.parametrize("domain", ["gmial.com", "yaho.com", "hotmial.com"])
@pytest.mark.parametrize(
    "words", ["550 5.1.2 Host unknown", "Domain name not found (NXDOMAIN)", "556 null MX"]
)
def test_a_domain_that_takes_no_mail_and_is_one_slip_away_is_a_typo(
    domain: str, words: str
) -> None:
    diagnosis = cause(words, address=f"dana@{domain}")
    assert diagnosis.cause == "typo"
    assert diagnosis.bounce_type is BounceType.HARD
    assert slot(diagnosis, "suggestion") in {"gmail.com", "yahoo.com", "hotmail.com"}


def test_a_known_slip_that_only_never_answers_is_a_typo_too() -> None:
    assert cause("Connection timed out", address="dana@gmial.com").cause == "typo"


def test_a_domain_like_no_other_is_not_a_typo() -> None:
    assert cause("550 5.1.2 Host unknown").cause == "domain_unknown"


def test_a_person_unknown_at_a_slip_is_not_blamed_on_the_slip() -> None:
    assert cause("550 5.1.1 User unknown", address="dana@gmial.com").cause == "user_unknown"


BLOCKED = (
    "550 5.7.1 Message rejected. See https://support.google.com/mail/answer/69585 for more "
    "information."
)


def test_google_refusing_a_batch_from_gmail_is_a_blocked_batch() -> None:
    assert cause(BLOCKED, service="Google", original=GMAIL).cause == "batch_blocked"


@pytest.mark.parametrize(
    ("service", "sender"), [("Postfix", "agent@gmail.com"), ("Google", "agent@oakfield.example")]
)
def test_others_or_from_elsewhere_it_is_no_blocked_batch(service: str, sender: str) -> None:
    original = OriginalMessage(sender=sender, to=(DANA,))
    assert cause(BLOCKED, service=service, original=original).cause != "batch_blocked"


def test_mail_in_a_gmail_name_sent_by_another_service_breaks_gmails_rule() -> None:
    sent = OriginalMessage(
        sender="agent@gmail.com",
        to=(DANA,),
        headers=(("X-SG-EID", "1"), ("Received", "by sendgrid")),
    )
    diagnosis = cause("550 5.7.26 Unauthenticated: DMARC policy", service="SendGrid", original=sent)
    assert diagnosis.cause == "dmarc_gmail"
    assert slot(diagnosis, "service") == "SendGrid"


def test_a_bounce_of_mail_i_never_sent_is_forged() -> None:
    diagnosis = cause("550 5.1.1 User unknown", original=FORGED)
    assert diagnosis.cause == "forged"
    assert diagnosis.bounce_type is BounceType.BLOCKED


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("550 5.4.5 Daily user sending limit exceeded", "daily_limit"),
        ("450 4.2.0 Greylisted, see http://postgrey.example", "asked_to_wait"),
        ("554 5.4.6 Too many hops", "loop"),
        ("Post by non-member to a members-only list", "members_only"),
        ("To confirm you're a person, this mailbox requires verification before delivery",
         "prove_human"),
        ("421 4.7.0 Too many connections, slow down", "too_fast"),
        ("552 5.3.4 Message size exceeds fixed limit", "too_big"),
        ("535 5.7.8 Username and password not accepted", "sign_in"),
        ("550 5.7.25 no PTR record", "server_name"),
        ("554 Connection refused reason 554", "refused_554"),
        ("550 Attachment blocked: virus found", "attachment"),
        ("530 5.7.0 Must issue a STARTTLS command first", "secure_needed"),
        ("554 5.7.1 Relay access denied", "wrong_server"),
        ("550 5.2.1 account disabled", "mailbox_off"),
    ],
)  # fmt: skip
def test_the_words_name_the_cause(words: str, wanted: str) -> None:
    assert cause(words).cause == wanted


def test_a_notice_that_says_nothing_about_some_of_many_says_so() -> None:
    original = OriginalMessage(to=(DANA, "bob@x.example", "carl@x.example"))
    diagnosis = cause("it did not work", original=original)
    assert diagnosis.cause == "partly"
    assert slot(diagnosis, "n") == "1"


def test_a_delay_is_still_being_tried_whatever_the_reason() -> None:
    late = recipient_of("452 4.2.2 Mailbox full", action=DsnAction.DELAYED)
    report = report_of(late, kind=MessageKind.DELAY, text="Will keep trying until 5 days old")
    (diagnosis,) = examine_report(report, KNOWLEDGE).diagnoses
    assert (diagnosis.cause, diagnosis.bounce_type) == ("still_trying", BounceType.SOFT)
    assert slot(diagnosis, "days") == "5"


def test_a_delay_by_greylisting_is_told_as_such() -> None:
    late = recipient_of("450 4.2.0 Greylisted", action=DsnAction.DELAYED)
    (diagnosis,) = examine_report(report_of(late, kind=MessageKind.DELAY), KNOWLEDGE).diagnoses
    assert diagnosis.cause == "asked_to_wait"


@pytest.mark.parametrize(
    ("words", "list_id_part", "ip"),
    [
        ("554 Client host [192.0.2.9] blocked using zen.spamhaus.org", "spamhaus", "192.0.2.9"),
        ("550 192.0.2.9 blocked using bl.spamcop.net", "spamcop", "192.0.2.9"),
        ("550 listed at b.barracudacentral.org", "barracuda", ""),
    ],
)  # fmt: skip
def test_a_block_list_is_named_with_the_server_it_lists(
    words: str, list_id_part: str, ip: str
) -> None:
    diagnosis = cause(words)
    assert diagnosis.cause == "listed"
    assert list_id_part in slot(diagnosis, "list_id")
    assert slot(diagnosis, "ip") == ip


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("552 5.3.4 Message size exceeds limit of 25 MB", "25 MB"),
        ("552 Message size 31457280 exceeds size limit 26214400 of server mx", "25 MB"),
        ("552 message too big, max size 10240000 bytes", "10 MB"),
        ("552 message too large; 5000 KB is the maximum", "5 MB"),
        ("552 message too big, 20 MB at most", "20 MB"),
        ("552 5.3.4 Message too big for system", ""),
        ("552 5.3.4 message exceeds fixed limit 512 kB", "512 kB"),
        ("552 limit 99999999999999999999 bytes message too big", ""),
        ("552 message too big, limit 1.2.3.4 bytes", ""),
    ],
)
def test_a_size_limit_is_told_in_plain_units(words: str, limit: str) -> None:
    diagnosis = cause(words)
    assert diagnosis.cause == "too_big"
    assert slot(diagnosis, "limit") == limit


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Message expired after 5 days in queue: too long", "5"),
        ("retry timeout exceeded after 72 hours", "3"),
        ("550 4.4.7 Message expired: unable to deliver in 4320 minutes", "3"),
        ("retry timeout exceeded", ""),
    ],
)
def test_how_long_they_tried_is_told_in_days(words: str, days: str) -> None:
    diagnosis = cause(words)
    assert diagnosis.cause == "gave_up"
    assert slot(diagnosis, "days") == days


@pytest.mark.parametrize(
    "words",
    [
        "551 5.1.6 User has moved; please try <dana.hart@newfirm.example>",
        "551 5.1.6 User has moved; try dana.hart@newfirm.example",
        "550 5.1.6 recipient has moved and is now at dana.hart@newfirm.example",
        f"550 {DANA} has a new address: dana.hart@newfirm.example",
    ],
)
def test_the_new_address_of_one_who_moved_is_told(words: str) -> None:
    diagnosis = cause(words)
    assert diagnosis.cause == "moved"
    assert slot(diagnosis, "new_address") == "dana.hart@newfirm.example"


@pytest.mark.parametrize("reason", KNOWLEDGE.reasons.reasons.values(), ids=lambda each: each.id)
def test_every_cause_has_a_way_out(reason: Reason) -> None:
    playbooks = KNOWLEDGE.handbook.playbooks
    causes = {reason.cause, *(rule.cause for rule in reason.rule if rule.cause)}
    assert causes <= set(playbooks)
