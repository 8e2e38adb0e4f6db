"""A new header over the old body: what stays, what goes, and what nothing can bring in."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_assistant.errors import AppError
from bounce_assistant.mail.compose import Envelope, new_letter, rebuild, split_message
from bounce_assistant.mail.seven_bit import make_seven_bit

OLD = b"""\
Return-Path: <agent@example.com>
Received: from laptop
 by mail.example.com; Mon, 2 Mar 2026 08:59:00 +0000
DKIM-Signature: v=1; b=AAAA
Authentication-Results: x; dkim=pass
ARC-Seal: i=1
Delivered-To: dana@example.net
Resent-From: x@example.com
X-Google-Smtp-Source: AAAA
X-Campaign: 554
List-Unsubscribe: <https://track.example.org/u/1>
From: Agent <agent@example.com>
To: dana@example.net, boss@example.com
Cc: office@example.com
Bcc: secret@example.com
Reply-To: Team <team@example.com>
Subject: =?utf-8?Q?Sch=C3=B6n?=
Date: Mon, 2 Mar 2026 08:59:00 +0000
Message-ID: <old@example.com>
In-Reply-To: <q@example.net>
References: <a@example.net>
 <q@example.net>
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

Sch\xf6n  \x20
.
From here
"""
ENVELOPE = Envelope("agent@example.com", "dana@new.example", "<new@example.com>")


def built(old: bytes = OLD, **changes: str) -> bytes:
    return rebuild(old, replace(ENVELOPE, **changes)).raw


def test_what_was_written_stays_and_the_journey_goes() -> None:
    made = rebuild(OLD, ENVELOPE)
    mail = message_from_bytes(made.raw, policy=policy.default)
    assert {name.lower() for name in mail} == {
        "message-id", "from", "to", "subject", "reply-to", "in-reply-to", "references",
        "mime-version", "content-type", "content-transfer-encoding",
    }  # fmt: skip
    assert mail["Subject"] == "Schön"
    assert mail["References"] == "<a@example.net> <q@example.net>"
    assert mail["Message-ID"] == "<new@example.com>"
    assert mail["To"] == "dana@new.example"
    assert made.raw.endswith(OLD.partition(b"\n\n")[2].replace(b"\n", b"\r\n"))
    assert "Bcc" in made.dropped
    assert made.former_sender == ""


def test_from_is_the_accounts_own_address_under_the_same_name() -> None:
    made = rebuild(OLD.replace(b"agent@example.com>\nTo", b"crm@other.example>\nTo"), ENVELOPE)
    assert b"\r\nFrom: Agent <agent@example.com>\r\n" in made.raw
    assert made.former_sender == "crm@other.example"


def test_where_answers_go_is_told_unless_it_is_the_sender() -> None:
    head = b"From: agent@example.com\nReply-To: "
    assert rebuild(head + b"Agent@example.com\n\nHi", ENVELOPE).replies_to == ""
    made = rebuild(head + b"A <a@evil.example>, agent@example.com\n\nHi", ENVELOPE)
    assert made.replies_to == "a@evil.example"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad"])
def test_an_address_with_hidden_letters_is_refused(hidden: str) -> None:
    """It would go somewhere else than where the person reads that it goes."""
    for address in (f"dana{hidden}@example.net", f"dana@example.net{hidden}"):
        with pytest.raises(AppError, match="isn't a complete address"):
            rebuild(OLD, replace(ENVELOPE, recipient=address))


def test_a_new_subject_and_names_are_written_in_ascii() -> None:
    raw = built(subject="Grüße ✨ " + "lang " * 30, recipient_name="Dañá Réyes")
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert all(len(line) <= 100 for line in head.split(b"\r\n"))
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"].startswith("Grüße ✨ lang")
    assert mail["To"].addresses[0].display_name == "Dañá Réyes"


@given(st.text(), st.text(), st.text())
def test_no_typed_text_brings_in_a_line(subject: str, name: str, sender_name: str) -> None:
    raw = built(subject=subject, recipient_name=name, sender_name=sender_name)
    fields, body = split_message(raw)
    assert len(fields) == 10
    assert body == OLD.partition(b"\n\n")[2]


@given(st.binary(max_size=300))
def test_no_old_header_brings_in_a_line(value: bytes) -> None:
    value = value.replace(b"\n\n", b"").replace(b"\r", b"")
    old = b"Reply-To: " + value.replace(b"\n", b"\n ") + b"\nSubject: x\n\nbody\n"
    raw = built(old)
    names = [field.name.lower() for field in split_message(raw)[0]]
    assert set(names) <= {"message-id", "from", "to", "subject", "reply-to"}
    assert len(names) == len(set(names))
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "address",
    [
        "", "dana", "dana@", "@example.net", "a b@example.net", "a@b,c@d", "a@b\r\nBcc: x@y",
        "<a@b>", 'a"b@c', "a@b@c", "a@" + "x" * 260,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AppError, match="complete address"):
        built(recipient=address)


def test_an_mbox_line_before_the_header_is_no_field() -> None:
    fields, _ = split_message(b"From agent@example.com Mon Mar 2\nSubject: x\n\nbody\n")
    assert [field.name for field in fields] == ["Subject"]


def test_a_new_text_keeps_the_thread() -> None:
    made = new_letter("Grüße", "Hallo\nDana – bis dann", answers=OLD)
    mail = message_from_bytes(built(made), policy=policy.default)
    assert mail["Subject"] == "Grüße"
    assert mail["In-Reply-To"] == "<q@example.net>"
    assert mail["Reply-To"] == "Team <team@example.com>"
    assert mail.get_content().splitlines() == ["Hallo", "Dana – bis dann"]


def test_an_old_server_gets_it_in_seven_bits() -> None:
    nested = (
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + "Grüße\r\nDana".encode()
        + b"\r\n--B\r\nContent-Type: text/plain\r\n\r\nplain\r\n--B--\r\n"
    )
    made = make_seven_bit(nested)
    assert made.isascii()
    first, second = message_from_bytes(made, policy=policy.default).iter_parts()
    assert first.get_content().splitlines() == ["Grüße", "Dana"]
    assert second.get_content() == "plain"


def test_a_signed_text_is_never_rewritten() -> None:
    signed = (
        b"Content-Type: multipart/signed; boundary=B\r\n\r\n--B\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xc3\xbc\r\n--B--\r\n"
    )
    with pytest.raises(AppError, match="Nothing was sent"):
        make_seven_bit(signed)
