"""Where links lead: an imitation's host ends like a mail company's, or has its name before an @."""

import pytest

from bounce_assistant import resources
from bounce_assistant.report.facts import MessageKind
from bounce_assistant.report.lures import buttons, has_lure, is_lure, link_hosts
from bounce_assistant.report.notice_words import NoticeWords, parse_notice_words
from tests.unit.report.mails import mail, read

SAID = "Your message was not delivered. Click here to release your messages."


@pytest.fixture(scope="module")
def words() -> NoticeWords:
    return parse_notice_words(resources.read_text("notices.toml"))


@pytest.mark.parametrize("host", ["support.google.com", "aka.ms", "microsoft.com"])
def test_a_mail_companys_own_pages_are_no_lure(words: NoticeWords, host: str) -> None:
    assert words.is_help_host(host)
    assert not is_lure(SAID, (host,), words)


@pytest.mark.parametrize(
    "host", ["login-microsoft.com", "evilgoogle.com", "google.com.evil.example"]
)
def test_a_host_that_only_ends_alike_is_a_strangers(words: NoticeWords, host: str) -> None:
    assert not words.is_help_host(host)
    assert is_lure(SAID, (host,), words)


def test_a_name_before_the_host_is_no_host(words: NoticeWords) -> None:
    html = '<a href="https://google.com@evil.example/x">Release messages</a>'
    assert buttons(html) == (("evil.example", "Release messages"),)
    assert link_hosts(html) == ("evil.example",)
    assert has_lure(buttons(html), "", words)


def test_a_link_with_its_readers_address_is_an_imitations() -> None:
    said = "Your message to dana@larkspur.example could not be delivered: 550 5.7.1 not confirmed."
    for link in (
        "https://late.example/?u=agent@oakfield.example",
        "https://late.example/a/b#agent%40oakfield.example",
    ):
        assert read(mail(f"{said}\n\nContinue: {link}\n")).kind is MessageKind.NOT_A_BOUNCE
    for link in (
        "https://late.example/?u=1234",
        "https://support.google.com/mail/?u=agent@oakfield.example",
        "https://late.example/?about=dana@larkspur.example",
    ):
        assert read(mail(f"{said}\n\nMore: {link}\n")).kind is MessageKind.BOUNCE


@pytest.mark.parametrize(
    ("link", "path", "kind"),
    [
        ("https://late.example/retry", "<post@oakfield.example>", MessageKind.NOT_A_BOUNCE),
        ("https://late.example/retry", "<>", MessageKind.BOUNCE),
        ("https://help.larkspur.example/551", "<post@oakfield.example>", MessageKind.BOUNCE),
        ("https://oakfield.example/why", "<post@mail.oakfield.example>", MessageKind.BOUNCE),
        ("https://support.google.com/mail", "<post@oakfield.example>", MessageKind.BOUNCE),
        ("550 see https://list.example/192.0.2.9", "<post@oakfield.example>", MessageKind.BOUNCE),
    ],
)
def test_mail_that_can_be_answered_and_links_to_a_stranger_is_an_imitation(
    link: str, path: str, kind: MessageKind
) -> None:
    said = (
        f"Your message to dana@larkspur.example could not be delivered: 550 5.7.1 no.\n\n{link}\n"
    )
    assert read(mail(said, return_path=path)).kind is kind
