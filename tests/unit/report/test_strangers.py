"""What a mail wants of its reader: pages of strangers, passwords, files; a notice wants nothing."""

import pytest

from bounce_assistant.report.facts import MessageKind
from tests.unit.report.mails import ORIGINAL, mail, read

BOUNCE, NONE = MessageKind.BOUNCE, MessageKind.NOT_A_BOUNCE
SAID = "Your message to dana@larkspur.example could not be delivered."
REPLY = "550 5.7.1 not allowed"


def test_a_link_with_its_readers_address_is_an_imitations() -> None:
    for link in (
        "https://late.example/?u=agent@oakfield.example",
        "https://late.example/a/b#agent%40oakfield.example",
        "https://late.example/#YWdlbnRAb2FrZmllbGQuZXhhbXBsZQ==",
        "https://oakfield.late.example/",
        "https://mail-oakfield.late.example/",
    ):
        report = read(mail(f"{SAID}\n\n{REPLY}: {link}\n"))
        assert (report.kind, report.imitation) == (NONE, "leads to a page that knows its reader")
    for link in (
        "https://late.example/?u=1234",
        "https://brokfield.example/",
        "https://support.google.com/mail/?u=agent@oakfield.example",
        "https://late.example/?about=dana@larkspur.example",
    ):
        assert read(mail(f"{SAID}\n\n{REPLY}: {link}\n")).kind is BOUNCE, link


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("https://late.example/retry", NONE),
        ("hxxps://late[.]example/retry", NONE),
        ("www.late.example/retry", NONE),
        ("late.example/retry", NONE),
        ("http://192.0.2.7/retry", NONE),
        ("https://late.example", NONE),  # alone on its line
        ("Mail by Late Ltd, https://late.example", BOUNCE),
        ("https://support.google.com/mail", BOUNCE),
        ("https://docs.google.com/forms/d/1", NONE),
        ("https://www.google.com/url?q=https://late.example/x", NONE),
        ("https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Flate.example%2F", NONE),
        ("https://urldefense.com/v3/__https://support.google.com/mail__;!!x", BOUNCE),
        ("https://help.larkspur.example/551", BOUNCE),
        ("https://larkspur.test/551", BOUNCE),
        ("https://webmail.oakfield.example/sent", BOUNCE),
        ("https://www.facebook.com/larkspur", BOUNCE),
        ("550 see https://list.example/192.0.2.9", BOUNCE),
        ("550 refused.\nRead it: https://late.example/x", NONE),
    ],
)
@pytest.mark.parametrize("path", ["<>", "<post@oakfield.example>"])
def test_a_link_is_judged_by_whose_page_it_leads_to(
    words: str, kind: MessageKind, path: str
) -> None:
    assert read(mail(f"{SAID} {REPLY}\n\n{words}\n", return_path=path)).kind is kind


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("https://help.relay.example/why", BOUNCE),
        ("https://relay.example/support/bounces", BOUNCE),
        ("https://relay.example", BOUNCE),
        ("https://relay.example/q/8812", NONE),
        ("https://relay.example Confirm your mailbox there", NONE),
    ],
)
def test_a_servers_own_pages_explain(page: str, kind: MessageKind) -> None:
    raw = mail(f"{SAID} {REPLY}\n\nMore: {page}\n", sender="<mailer-daemon@relay.example>")
    assert read(raw).kind is kind


def test_a_service_has_a_page_for_each_mail() -> None:
    raw = mail(
        f"{SAID} {REPLY}\n\nContact: https://app.crm.example/contacts/8812\n",
        "Auto-Submitted: auto-generated",
        sender="Keystone CRM <notifications@crm.example>",
        subject="Your email to Dana bounced",
        return_path="<bounce-1@crm.example>",
    )
    assert read(raw).kind is BOUNCE


@pytest.mark.parametrize(
    "wants",
    [
        "Reply with your user name and password.",
        "Scan the QR code with your phone.",
        "Open the attached form to deliver it.",
        "Call support with your mailbox PIN.",
        "Send 900 USD in Bitcoin.",
    ],
)
def test_what_a_notice_never_wants_needs_no_link(wants: str) -> None:
    report = read(mail(f"{SAID} {REPLY}\n\n{wants}\n"))
    assert report.kind is NONE
    assert report.imitation


def test_a_warning_of_those_who_want_passwords_wants_none() -> None:
    said = f"{SAID} {REPLY}\n\nNever reply with your password to anybody.\n"
    assert read(mail(said)).kind is BOUNCE


def test_the_readers_own_mail_says_that_it_is_a_notice() -> None:
    said = f"{SAID} {REPLY}\n\nLog in to your account: https://late.example/a\n"
    assert read(mail(said)).kind is NONE
    returned = f"{said}\n--- Below this line is a copy of the message.\n\n{ORIGINAL}"
    assert read(mail(returned)).kind is BOUNCE


def test_a_page_that_comes_along_is_no_notices() -> None:
    body = f"""\
--b
Content-Type: text/plain

{SAID} {REPLY}
--b
Content-Type: text/html; name="Details.html"
Content-Disposition: attachment; filename="Details.html"

<form></form>
--b--
"""
    report = read(mail(body, 'Content-Type: multipart/mixed; boundary="b"'))
    assert (report.kind, report.imitation) == (NONE, "brings a page along that is to be opened")


def test_a_mail_that_its_own_mail_company_disowns_may_not_link() -> None:
    said = f"{SAID} {REPLY}\n\nMail by Late Ltd, https://late.example\n"
    failed = "Authentication-Results: mx.oakfield.example; dmarc=fail (p=none)"
    assert read(mail(said, failed)).kind is NONE
    assert read(mail(said, failed.replace("fail", "pass"))).kind is BOUNCE


def test_html_beside_a_plain_text_is_looked_at_too() -> None:
    body = f"""\
--b
Content-Type: text/plain

{SAID} {REPLY}
--b
Content-Type: text/html

<p>{SAID}</p><a class=x href='//late.example/x'><b>Retry</b></a>
--b--
"""
    assert read(mail(body, 'Content-Type: multipart/alternative; boundary="b"')).kind is NONE


def test_time_grows_with_the_text_only() -> None:
    """No pattern may start again at every character of what is long."""
    for piece in ("www.", "a.bb/c ", "https://", "<a href=", "550 a.b\n", "[.]", "x.y/" * 9 + " "):
        said = f"{SAID} {REPLY}\n\n{piece * (200_000 // len(piece))}"
        assert read(mail(said)).kind in MessageKind


def test_what_looks_like_a_notice_and_wants_something_is_said_to_imitate_one() -> None:
    urge = "8 incoming messages failed to arrive.\n\nRelease them: https://late.example/go"
    for subject, said in (
        ("Undelivered Mail Returned to Sender", f"Dear client,\n\n{urge}\n"),
        (
            "Delivery Status Notification (Failure)",
            "Confirm your password: https://late.example/\n",
        ),
        ("Unzustellbar: 4 Nachrichten", "Melden Sie sich an: https://late.example/anmelden\n"),
    ):
        report = read(mail(said, subject=subject))
        assert (report.kind, bool(report.imitation)) == (NONE, True), subject
    for subject, said in (
        ("Our newsletter", f"Dear client,\n\n{urge}\n"),
        ("Re: Undelivered Mail Returned to Sender", f"Jo wrote:\n> {urge}\n"),
        (
            "Undelivered Mail Returned to Sender",
            "Do you get these too? https://wiki.example/mail\n",
        ),
    ):
        person = mail(said, sender="Jo <jo@example.net>", subject=subject, return_path=None)
        assert not read(person).imitation, subject
