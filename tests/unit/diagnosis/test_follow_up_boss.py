"""Whether the CRM would have shown a bounce: it depends on who wrote the notice."""

import pytest

from bounce_assistant.diagnosis.context import SentFrom
from bounce_assistant.diagnosis.follow_up_boss import seen_by_follow_up_boss
from bounce_assistant.report.facts import BounceReport, MessageKind, ReportedBy
from tests.unit.diagnosis.reports import recipient_of, report_of

DIRECT = SentFrom(address="agent@oakfield.example")
BY_CRM = SentFrom(address="agent@oakfield.example", service="Follow Up Boss")
BY_MAILBOX = SentFrom(address="agent@oakfield.example", service="Follow Up Boss", by_mailbox=True)
BY_SENDGRID = SentFrom(address="agent@oakfield.example", service="SendGrid")


@pytest.mark.parametrize(
    ("service", "sent", "answer"),
    [
        ("Google", DIRECT, "yes"),
        ("Microsoft 365", DIRECT, "yes"),
        ("Yahoo", DIRECT, "no"),
        ("Postfix", DIRECT, "no"),
        ("Outlook.com", DIRECT, "no"),
        ("Postfix", BY_CRM, "yes"),
        ("", BY_CRM, "yes"),
        ("Google Groups", DIRECT, "yes"),
        ("Exchange", DIRECT, "no"),
        ("Google", BY_MAILBOX, "yes"),
        ("Yahoo", BY_MAILBOX, "unknown"),
        ("Postfix", BY_SENDGRID, "unknown"),
        ("Google", BY_SENDGRID, "yes"),
        ("", DIRECT, "unknown"),
    ],
)
def test_the_writer_of_the_notice_decides(service: str, sent: SentFrom, answer: str) -> None:
    report = report_of(recipient_of("550 5.1.1 User unknown"), service=service)
    said = seen_by_follow_up_boss(report, sent)
    assert said.answer == answer
    assert said.because.endswith(".")


def test_the_recipients_mail_company_does_not_decide() -> None:
    gmail = recipient_of("550 5.1.1 no", address="dana@gmail.com")
    assert seen_by_follow_up_boss(report_of(gmail, service="Postfix"), DIRECT).answer == "no"


def test_a_server_without_a_known_name_is_named_by_its_host() -> None:
    report = BounceReport(MessageKind.BOUNCE, ReportedBy("", "mx.oakfield.example"))
    said = seen_by_follow_up_boss(report, DIRECT)
    assert said.answer == "no"
    assert "mx.oakfield.example" in said.because


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind is not MessageKind.BOUNCE])
def test_what_is_no_bounce_is_not_shown(kind: MessageKind) -> None:
    report = report_of(recipient_of("no"), kind=kind, service="Google")
    assert seen_by_follow_up_boss(report, DIRECT).answer == "no"
