"""Where links lead: an imitation's host ends like a mail company's, or has its name before an @."""

import pytest

from bounce_assistant import resources
from bounce_assistant.report.lures import buttons, has_lure, is_lure, link_hosts
from bounce_assistant.report.notice_words import NoticeWords, parse_notice_words

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
