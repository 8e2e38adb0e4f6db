"""Parts are weighed, left out and replaced; all else stays as it was."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_assistant.mail.slimming import (
    NewFile,
    file_contents,
    weigh,
    with_files,
    with_line,
    without_parts,
)

LINK = "https://files.example.com/x?a=1&b=2"
FLYER, PLAN = b"%PDF-1.7 flyer" * 9000, b"\x00\x01plan" * 3000


def letter() -> bytes:
    """Return a letter with a picture in its text and two files, one with a name in Japanese."""
    message = EmailMessage()
    message["Subject"] = "Open house"
    message["X-Own"] = "kept   as it is"
    message.set_content("Hi Dana,\n\nsee the plans. Grüße\n")
    message.add_alternative("<html><body><p>Hi <img src='cid:logo'></p></body></html>", "html")
    *_, html = message.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(b"logo" * 300, "image", "png", cid="<logo>", filename="logo.png")
    message.add_attachment(FLYER, "application", "pdf", filename="flyer.pdf")
    message.add_attachment(PLAN, "application", "octet-stream", filename="間取り図.dwg")
    return message.as_bytes(policy=policy.SMTP)


def files(raw: bytes) -> dict[str, Any]:
    """Return what the parts hold: bytes of files, text of what is read."""
    message = message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=policy.default)
    return {
        part.get_filename() or part.get_content_type(): part.get_content()
        for part in message.walk()
        if not part.is_multipart()
    }


def test_the_heaviest_part_comes_first_with_what_it_takes_on_the_way() -> None:
    raw = letter()
    size, parts = weigh(raw).size, weigh(raw).parts
    assert size == len(raw)
    assert [part.name for part in parts][:3] == ["flyer.pdf", "間取り図.dwg", "logo.png"]
    flyer = parts[0]
    assert flyer.size == len(FLYER)
    assert 1.35 * flyer.size < flyer.weight < 1.4 * flyer.size
    assert sum(part.weight for part in parts) < size
    assert [part.name for part in parts if part.is_shown] == ["logo.png"]
    texts = {part.content_type for part in parts if part.is_text}
    assert texts == {"text/plain", "text/html"}
    assert weigh(raw.replace(b"\r\n", b"\n")).size == size, "lines end in two bytes on the way"


def test_a_part_is_left_out_and_the_rest_stays() -> None:
    raw = letter()
    flyer = weigh(raw).parts[0]
    left = without_parts(raw, {flyer.id})
    expected = files(raw)
    del expected["flyer.pdf"]
    assert files(left) == expected
    assert len(raw) - len(left) >= flyer.weight
    assert b"X-Own: kept   as it is\r\n" in left
    assert without_parts(raw, {"9.9"}) == raw


def test_a_file_takes_the_place_of_another() -> None:
    raw = letter()
    ids = {part.name: part.id for part in weigh(raw).parts}
    new = {
        ids["flyer.pdf"]: NewFile(b"small", "application/pdf", ""),
        ids["間取り図.dwg"]: NewFile(b"smaller", "image/jpeg", "間取り図.jpg"),
    }
    changed = with_files(raw, new)
    assert files(changed)["flyer.pdf"] == b"small"
    assert files(changed)["間取り図.jpg"] == b"smaller"
    assert file_contents(changed, list(new)) == {
        ids["flyer.pdf"]: b"small",
        ids["間取り図.dwg"]: b"smaller",
    }
    kept = {name: content for name, content in files(raw).items() if name in files(changed)}
    del kept["flyer.pdf"]
    assert kept.items() <= files(changed).items()


def test_a_link_ends_both_texts() -> None:
    changed = files(with_line(letter(), "The files are here:", LINK))
    assert changed["text/plain"].rstrip().endswith(f"Grüße\n\nThe files are here: {LINK}")
    safe = LINK.replace("&", "&amp;")
    assert f'here: <a href="{safe}">{safe}</a></p></body></html>' in changed["text/html"]


@pytest.mark.parametrize("charset", ["iso-8859-1", "shift_jis", "utf-8", "us-ascii"])
def test_a_text_keeps_its_charset_where_it_can(charset: str) -> None:
    text = {"shift_jis": "こんにちは", "us-ascii": "Hello"}.get(charset, "Grüße")
    raw = f"Content-Type: text/plain; charset={charset}; format=flowed\r\n\r\n".encode()
    changed = with_line(raw + text.encode(charset) + b"\r\n", "Here:", LINK)
    message = message_from_bytes(changed, policy=policy.default)
    assert message.get_content_charset() == charset
    assert message["content-type"].params["format"] == "flowed"
    assert files(changed) == {"text/plain": f"{text}\n\nHere: {LINK}\n"}


def test_a_letter_that_is_one_file_gets_a_text_for_its_link() -> None:
    message = EmailMessage()
    message["Subject"] = "Plan"
    message.set_content(PLAN, "application", "octet-stream", filename="plan.dwg")
    raw = message.as_bytes(policy=policy.SMTP)
    assert [part.id for part in weigh(raw).parts] == ["0"]
    both = files(with_line(raw, "Here:", LINK))
    assert both == {"text/plain": f"Here: {LINK}\n", "plan.dwg": PLAN}
    alone = files(with_line(without_parts(raw, {"0"}), "Here:", LINK))
    assert list(alone) == ["text/plain"]
    assert alone["text/plain"].strip() == f"Here: {LINK}"


def test_an_attached_letter_is_one_part() -> None:
    message = EmailMessage()
    message.set_content("See below")
    inner = EmailMessage()
    inner.set_content("Inner")
    inner.add_attachment(b"x" * 999, "application", "pdf", filename="inner.pdf")
    message.add_attachment(inner)
    raw = message.as_bytes(policy=policy.SMTP)
    assert [part.content_type for part in weigh(raw).parts] == ["message/rfc822", "text/plain"]
    assert b"inner.pdf" not in without_parts(raw, {weigh(raw).parts[0].id})


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("multipart/signed", "It has a digital signature, which would no longer fit."),
        ("multipart/encrypted", "It is encrypted, so nothing in it can be changed."),
        ("application/pkcs7-mime", "It is signed or encrypted, so nothing in it can be changed."),
        ("multipart/mixed", ""),
    ],
)
def test_what_is_sealed_is_not_opened(kind: str, says: str) -> None:
    raw = f'Content-Type: {kind}; boundary="b"\n\n--b\n\nHi\n--b\n\nsig\n--b--\n'.encode()
    assert weigh(raw).why_sealed == says


@given(st.binary(max_size=600))
def test_any_bytes_are_weighed_and_changed(noise: bytes) -> None:
    raw = b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' + noise + b"\n--b\n" + noise
    for mail in (noise, raw):
        ids = [part.id for part in weigh(mail).parts]
        without_parts(mail, ids)
        with_files(mail, dict.fromkeys(ids, NewFile(b"x", "image/png", "é.png")))
        with_line(mail, "Here:", LINK)
