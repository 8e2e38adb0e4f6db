"""Who wrote a notice: by its own marks, never by where the recipient is."""

import pytest

from tests.unit.report.mails import dsn, mail, read

FAILED = "Final-Recipient: rfc822; dana@gmail.com\nAction: failed\nStatus: 5.1.1\n"


@pytest.mark.parametrize(
    ("reporting", "service"),
    [
        ("dns; googlemail.com", "Google"),
        ("dns;googlemail.com", "Google"),
        ("dns; AM0PR01MB1234.eurprd01.prod.outlook.com", "Microsoft 365"),
        ("dns; a27-31.smtp-out.us-west-2.amazonses.com", "Amazon SES"),
        ("dns; sonic.mail.ne1.yahoo.com", "Yahoo"),
        ("dns; us-smtp-1.mimecast.com", "Mimecast"),
        ("dns; mx0a-00012345.pphosted.com", "Proofpoint"),
        ("dns; mail.oakfield.example", ""),
        ("dns; googlemail.com.cheat.example", ""),
        ("", ""),
    ],
)
def test_the_reporting_server_says_who_wrote(reporting: str, service: str) -> None:
    field = f"Reporting-MTA: {reporting}"
    raw = dsn(FAILED, message_fields=field).replace(
        "MAILER-DAEMON@mail.oakfield.example", "x@y.example"
    )
    assert read(raw).reported_by.service == service


@pytest.mark.parametrize(
    ("sender", "service"),
    [
        ("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Google"),
        ("mailer-daemon@mail.zoho.com", "Zoho"),
        ("MAILER-DAEMON@yahoo.com", "Yahoo"),
        ("postmaster@outlook.com", "Outlook.com"),
        ("MAILER-DAEMON@mail.protonmail.ch", "Proton Mail"),
    ],
)
def test_the_sender_says_who_wrote(sender: str, service: str) -> None:
    raw = mail("<dana@larkspur.example>: 550 User unknown", sender=sender)
    assert read(raw).reported_by.service == service


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("This is the mail system at host mx9.oakfield.example.", "Postfix"),
        ("Hi. This is the qmail-send program at mx9.oakfield.example.", "qmail"),
        ("This message was created automatically by mail delivery software.", "Exim"),
        ("----- Transcript of session follows -----", "Sendmail"),
        ("This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.", "OpenSMTPD"),
        ("running the Courier mail server", "Courier"),
    ],
)
def test_the_standard_text_says_which_program_wrote(text: str, service: str) -> None:
    raw = mail(f"{text}\n\n<dana@larkspur.example>: 550 User unknown")
    assert read(raw).reported_by.service == service


def test_a_notice_about_a_gmail_address_is_not_from_google() -> None:
    reported = read(dsn(FAILED)).reported_by
    assert (reported.service, reported.host) == ("", "mail.oakfield.example")


def test_a_program_names_its_host() -> None:
    raw = mail("This is the mail system at host mx9.oakfield.example.\n\n<d@x.example>: 550 no")
    assert read(raw).reported_by.host == "mx9.oakfield.example"


@pytest.mark.parametrize("claim", ["Google", "Microsoft 365"])
def test_a_display_name_proves_nothing(claim: str) -> None:
    raw = mail("<d@x.example>: 550 User unknown", sender=f"{claim} <daemon@mx.oakfield.example>")
    assert read(raw).reported_by.service == ""


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("EX02.corp.larkspur.example", "Exchange"),
        ("EX02.corp.larkspur.local", "Exchange"),
        ("AM0PR01MB1234.eurprd01.prod.outlook.com", "Microsoft 365"),
    ],
)
def test_an_exchange_server_of_ones_own_is_not_microsoft_365(host: str, service: str) -> None:
    said = f"Diagnostic information for administrators:\n\nGenerating server: {host}"
    raw = mail(
        f"{said}\n\ndana@larkspur.example\n#550 5.1.1 User unknown",
        "X-MS-Exchange-Message-Is-Ndr:",
        sender="Microsoft Outlook <postmaster@larkspur.example>",
    )
    assert (read(raw).reported_by.service, read(raw).reported_by.host) == (service, host.lower())
