"""Telling a likely notice from other mail by a few header fields."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.inbox_search import FIELDS, load_inbox_search, parse_inbox_search
from bounce_assistant.mail.search_criteria import criteria_groups

SEARCH = load_inbox_search()
NOTICES = Path(__file__).parents[2] / "corpus" / "messages"


@pytest.mark.parametrize(
    "header",
    [
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\nSubject: x",
        "From: a@example.org\r\nSubject: Your message to Dana couldn't be delivered",
        "From: a@example.org\r\nSubject: failure notice",
        "From: a@example.org\r\nSubject: Non remis : Visite",
        "From: a@example.org\r\nSubject: =?iso-8859-1?Q?Unzustellbar=3A_Termin?=",
        "From: a@example.org\r\nSubject: hello\r\nX-Failed-Recipients: dana@example.com",
        "From: a@example.org\r\nSubject: hello\r\nReturn-Path: <>",
        "From: a@example.org\r\nSubject: hello\r\nAuto-Submitted: auto-generated",
        "From: a@example.org\r\nSubject: hello\r\nContent-Type: MULTIPART/REPORT;\r\n boundary=b",
        "Subject: no sender at all",
        "",
    ],
)
def test_a_notice_is_worth_fetching(header: str) -> None:
    assert SEARCH.promise(f"{header}\r\n\r\n".encode())


@pytest.mark.parametrize(
    "header",
    [
        "From: Dana <dana@example.com>\r\nIn-Reply-To: <1@x>\r\nSubject: Re: Undeliverable: Key",
        "From: Dana <dana@example.com>\r\nSubject: Open house on Saturday",
        "From: Dana <dana@example.com>\r\nSubject: =?x-unknown?Q?hello?=",
        "From: shop@example.com\r\nSubject: Your delivery\r\nList-Id: <shop.example.com>",
        "From: shop@example.com\r\nSubject: Delivery today\r\nPrecedence: list",
        "From: Dana <dana@example.com>\r\nSubject: hi\r\nAuto-Submitted: no\r\nReturn-Path: <d@e>",
    ],
)
def test_ordinary_mail_stays_on_the_server(header: str) -> None:
    assert not SEARCH.promise(f"{header}\r\n\r\n".encode())


def test_spam_folders_go_by_many_names() -> None:
    assert SEARCH.spam.is_name("[Gmail]/Spam", "/")
    assert SEARCH.spam.is_name("INBOX.Junk", ".")
    assert SEARCH.spam.is_name("Bulk Mail", "")
    assert not SEARCH.spam.is_name("Junkyard", "/")


def test_search_commands_stay_short_and_well_formed() -> None:
    for group in criteria_groups(SEARCH):
        names = {"FROM", "SUBJECT", "HEADER"}
        keys = sum(1 for key in group.keys if key in names) - group.keys.count("NOT")
        assert group.keys.count("OR") == keys - 1
        assert sum(len(key) for key in group.keys) < 4_000
        if group.charset is None:
            assert all(str(key).isascii() for key in group.keys)


def test_broken_words_are_named() -> None:
    with pytest.raises(AppError, match="inbox_search"):
        parse_inbox_search("colour = 1")


def test_every_notice_of_real_servers_is_worth_fetching() -> None:
    missed = []
    for path in sorted(NOTICES.glob("*.eml")):
        expected = path.with_suffix(".toml").read_text(encoding="utf-8")
        head = message_from_bytes(path.read_bytes(), policy=policy.compat32)
        fields = [f"{name}: {head[name]}" for name in FIELDS if name in head]
        if any(f'kind = "{kind}"' in expected for kind in ("bounce", "delay", "feedback")) and (
            not SEARCH.promise(("\r\n".join(fields) + "\r\n\r\n").encode())
        ):
            missed.append(path.name)
    assert missed == []
