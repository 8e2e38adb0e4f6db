"""What a mail was sent from, and whether the reader sent it at all: off the returned header."""

import pytest

from bounce_assistant.diagnosis.context import read_sent_from
from bounce_assistant.report.facts import OriginalMessage
from tests.unit.diagnosis.reports import recipient_of, report_of

ME = "agent@gmail.com"
OWN = frozenset({ME})
GOOGLE_HOP = ("Received", "by mail.gmail.com with SMTP id abc")
OTHER_HOP = ("Received", "from [198.51.100.7] by mx.cheat.example")


def original(*headers: tuple[str, str], sender: str = ME) -> OriginalMessage:
    return OriginalMessage(sender=sender, headers=headers)


def sent(mail: OriginalMessage | None, own: frozenset[str] = OWN) -> str:
    return read_sent_from(report_of(recipient_of("550 no"), original=mail), own).by_you


@pytest.mark.parametrize(
    ("headers", "by_you"),
    [
        ((GOOGLE_HOP,), "yes"),
        ((OTHER_HOP,), "no"),
        ((OTHER_HOP, GOOGLE_HOP), "yes"),
        ((OTHER_HOP, ("DKIM-Signature", "v=1; a=rsa-sha256; d=gmail.com; s=x")), "yes"),
        ((OTHER_HOP, ("X-SG-EID", "abc")), "yes"),
        ((), "unknown"),
        ((("Subject", "Received: by mail.gmail.com"),), "unknown"),
        ((OTHER_HOP, ("Subject", "mail.gmail.com")), "no"),
    ],
)
def test_a_mail_in_my_name_is_mine_if_my_provider_carried_it(
    headers: tuple[tuple[str, str], ...], by_you: str
) -> None:
    assert sent(original(*headers)) == by_you


def test_a_mail_in_anothers_name_is_not_judged() -> None:
    assert sent(original(GOOGLE_HOP, sender="una@gmail.com")) == "unknown"


def test_a_mail_that_did_not_come_back_is_not_judged() -> None:
    assert sent(None) == "unknown"


@pytest.mark.parametrize(
    ("headers", "by_you"),
    [
        ((("Received", "from [10.0.0.5] by mail.oakfield.example with ESMTP"),), "yes"),
        ((OTHER_HOP, ("DKIM-Signature", "v=1; d=oakfield.example; s=x")), "yes"),
        ((OTHER_HOP, ("Message-ID", "<1@NAM12.prod.outlook.com>")), "yes"),
        ((), "yes"),
        ((OTHER_HOP,), "unknown"),
        ((OTHER_HOP, ("Subject", "oakfield.example")), "unknown"),
    ],
)
def test_a_mail_from_a_domain_of_ones_own_is_ones_own_if_a_server_of_its_carried_it(
    headers: tuple[tuple[str, str], ...], by_you: str
) -> None:
    mail = original(*headers, sender="agent@oakfield.example")
    assert sent(mail, frozenset({"agent@oakfield.example"})) == by_you


def test_without_an_account_the_reader_of_the_notice_counts() -> None:
    mail = original(OTHER_HOP, sender="agent@oakfield.example")
    assert sent(mail, frozenset()) == "unknown"


@pytest.mark.parametrize(
    ("header", "service"),
    [
        (("X-FUB-Id", "1"), "Follow Up Boss"),
        (("Message-ID", "<1@fub-mail.example>"), "Follow Up Boss"),
        (("X-SG-EID", "1"), "SendGrid"),
        (("Received", "from a27.smtp-out.amazonses.com"), "Amazon SES"),
        (("Received", "from mail.mcsv.net"), "Mailchimp"),
        (("DKIM-Signature", "d=mailgun.org"), "Mailgun"),
        (("Subject", "SendGrid or Mailgun?"), ""),
        (("Received", "from mx.example"), ""),
    ],
)
def test_a_sending_service_is_known_by_its_marks(header: tuple[str, str], service: str) -> None:
    report = report_of(recipient_of("550 no"), original=original(header))
    assert read_sent_from(report, OWN).service == service


@pytest.mark.parametrize(
    ("sender", "is_gmail"),
    [(ME, True), ("a@googlemail.com", True), ("a@oakfield.example", False), ("", False)],
)
def test_a_personal_gmail_address_is_known(sender: str, is_gmail: bool) -> None:  # noqa: FBT001 - a table
    report = report_of(recipient_of("550 no"), original=original(sender=sender))
    assert read_sent_from(report, OWN).is_gmail is is_gmail
