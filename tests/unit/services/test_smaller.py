"""An email made smaller: files left out, pictures scaled, the rest untouched."""

from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.services.fixes.smaller import make_smaller
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter, LetterSource, PartKind, read_letter

PHOTO, PLAN = b"\xff\xd8photo" * 5000, b"%PDF plan" * 4000


def letter(*, signed: bool = False) -> Letter:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "Photos and plans"
    message.set_content("See the photos.\r\nFrom the garden, too.\r\n")
    message.add_alternative("<p>See the <b>photos</b>.</p>", subtype="html")
    message.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="house.jpg")
    message.add_attachment(PLAN, maintype="application", subtype="pdf", filename="plan.pdf")
    raw = message.as_bytes()
    if signed:
        raw = raw.replace(b"multipart/mixed;", b"multipart/signed;", 1)
    return read_letter(LetterSource.NOTICE, raw)


def numbered(one: Letter, name: str) -> int:
    return next(number for number, part in enumerate(one.parts) if part.name == name)


def contents(one: Letter) -> dict[str, bytes]:
    message = message_from_bytes(one.raw, policy=policy.default)
    named = [part for part in message.walk() if part.get_filename()]
    decoded = {str(part.get_filename()): part.get_payload(decode=True) for part in named}
    return {name: data for name, data in decoded.items() if isinstance(data, bytes)}


def test_a_file_that_is_left_out_is_gone_and_the_others_are_as_they_were() -> None:
    before = letter()
    after = make_smaller(before, frozenset({numbered(before, "plan.pdf")}), None, Job())
    assert contents(after) == {"house.jpg": PHOTO}
    assert after.text == before.text
    assert len(after.raw) < len(before.raw)
    assert after.is_whole


def test_pictures_are_scaled_and_keep_their_names() -> None:
    before = letter()
    seen: list[str] = []

    def scale(data: bytes, kind: str) -> bytes:
        seen.append(kind)
        return data[:100]

    after = make_smaller(before, frozenset(), scale, Job())
    assert seen == ["image/jpeg"]
    assert contents(after) == {"house.jpg": PHOTO[:100], "plan.pdf": PLAN}


def test_a_picture_that_would_grow_stays_as_it_is() -> None:
    before = letter()
    after = make_smaller(before, frozenset(), lambda data, _kind: data * 2, Job())
    assert contents(after) == contents(before)


def test_the_text_can_not_be_left_out() -> None:
    before = letter()
    texts = [n for n, part in enumerate(before.parts) if part.kind is PartKind.TEXT]
    after = make_smaller(before, frozenset(texts), None, Job())
    assert after.text == before.text


def test_a_signed_email_is_not_taken_apart() -> None:
    with pytest.raises(AppError, match="digital signature"):
        make_smaller(letter(signed=True), frozenset({0}), None, Job())


@pytest.mark.parametrize("raw", [b"", b"\xff\x00garbage", b"Content-Type: multipart/mixed\n\nx"])
def test_what_is_no_email_is_refused_or_left_as_it_is(raw: bytes) -> None:
    odd = read_letter(LetterSource.PASTED, raw)
    with suppress(AppError):
        after = make_smaller(odd, frozenset({0, 1, 2}), lambda data, _kind: data, Job())
        assert after.text == odd.text
