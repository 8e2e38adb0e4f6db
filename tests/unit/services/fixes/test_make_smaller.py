"""An email that is too big: what makes it so, and what it would be without, before it is sent."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bounce_assistant.advice.sizes import spoken_size
from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.services.cases import Cases, OpenCase
from bounce_assistant.services.fixes.make_smaller import (
    SizeLimit,
    Wish,
    leave_out,
    make_smaller,
    scale_pictures,
    share_link,
    size_limit_for,
    weigh_letter,
)
from bounce_assistant.services.intake import add_sources
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.letters import Letter, LetterSource, read_letter
from bounce_assistant.services.sources import Source
from bounce_assistant.store import open_store
from tests.unit.mail.pictures import bomb, photo
from tests.unit.services.notices import bounce

KB, MB = 1024, 1024 * 1024
TOO_BIG = "552 5.3.4 Message size exceeds fixed limit: {}"
LINK = "https://files.example.com/x"


def limit(size: int) -> SizeLimit:
    return SizeLimit(size, "Their mail company takes that at most.", is_said=True)


@pytest.fixture(scope="module")
def letter() -> Letter:
    message = EmailMessage()
    message["Subject"] = "Open house"
    message.set_content("Hi Dana, here they are.\n")
    message.add_attachment(photo(1700, 1100), "image", "jpeg", filename="Front.jpg")
    message.add_attachment(photo(600, 400, kind="PNG"), "image", "png", filename="Garden.png")
    message.add_attachment(bomb() + b"x" * 120_000, "image", "png", filename="Odd.png")
    message.add_attachment(b"%PDF" * 50_000, "application", "pdf", filename="Plan.pdf")
    return read_letter(LetterSource.NOTICE, message.as_bytes(policy=policy.SMTP))


@pytest.fixture
def case(tmp_path: Path) -> Callable[..., OpenCase]:
    def open_case(*people: str, diagnostic: str) -> OpenCase:
        with open_store(tmp_path / "bounces.sqlite3") as store:
            knowledge = load_knowledge()
            source = Source("1.eml", bounce(*people, diagnostic=diagnostic))
            added = add_sources([source], store, knowledge, Job())
            return Cases(store, knowledge).open(added.cases[0])

    return open_case


def test_what_makes_it_big_is_named(letter: Letter) -> None:
    weights = weigh_letter(letter, limit(MB))
    assert [part.name for part in weights.pictures] == ["Front.jpg", "Garden.png", "Odd.png"]
    assert [part.name for part in weights.files if part not in weights.pictures] == ["Plan.pdf"]
    plan = next(part for part in weights.parts if part.name == "Plan.pdf")
    assert plan.size == 200_000
    assert plan.weight > 1.33 * plan.size
    assert weights.size > len(letter.raw)
    assert weights.why_sealed == ""


def test_the_size_without_a_file_is_said_first(letter: Letter) -> None:
    weights = weigh_letter(letter)
    plan = next(part for part in weights.parts if part.name == "Plan.pdf")
    smaller = leave_out(letter, {plan.id})
    assert smaller.changes == ("Plan.pdf is left out (267 kB).",)
    assert smaller.size == pytest.approx(weights.size - plan.weight, abs=300)
    assert (smaller.fits, smaller.letter.source) == (None, LetterSource.NOTICE)
    assert smaller.words.startswith("It would be ")
    assert [part.name for part in smaller.letter.parts if part.name] == [
        "Front.jpg",
        "Garden.png",
        "Odd.png",
    ]


def test_pictures_are_made_just_small_enough(letter: Letter) -> None:
    roomy = scale_pictures(letter, limit(20 * MB), Job())
    assert (roomy.fits, roomy.changes[0].startswith("Front.jpg: ")) == (True, True)
    tight = scale_pictures(letter, limit(roomy.size - 50 * KB), Job())
    assert tight.fits
    assert tight.size < roomy.size
    assert tight.kept == ("Odd.png stays as it is. The picture is too big to be opened safely.",)
    names = [part.get_filename() for part in _attached(tight.letter.raw)]
    assert names == ["Front.jpg", "Garden.jpg", "Odd.png", "Plan.pdf"]
    kinds = [part.get_content_type() for part in _attached(tight.letter.raw)]
    assert kinds == ["image/jpeg", "image/jpeg", "image/png", "application/pdf"]


def test_what_stays_too_big_is_said(letter: Letter) -> None:
    smaller = scale_pictures(letter, limit(100 * KB), Job(), biggest="small")
    assert smaller.fits is False
    assert "That is still too big. Their mail company takes that at most." in smaller.words


def test_a_link_takes_the_place_of_files(letter: Letter) -> None:
    heavy = {part.id for part in weigh_letter(letter).files}
    smaller = share_link(letter, heavy, f"  {LINK} ", limit(100 * KB))
    assert smaller.fits
    assert smaller.letter.text.endswith(f"The files are here: {LINK}")
    assert len(smaller.changes) == 5
    assert _attached(smaller.letter.raw) == []


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://files.example.com/x",
        "javascript:alert(1)",
        "https://",
        "https://files.example.com/a b",
        'https://files.example.com/"onclick="x',
        "https://files.example.com/\r\nBcc: x@example.com",
        "https://you:secret@files.example.com/",
        "https://[bad/",
        "https://files.example.com/" + "x" * 2000,
    ],
)
def test_an_odd_link_is_refused(letter: Letter, link: str) -> None:
    with pytest.raises(AppError, match="This link can't be used"):
        share_link(letter, {"2"}, link)


def test_what_is_signed_is_left_alone() -> None:
    raw = b'Content-Type: multipart/signed; boundary="b"\n\n--b\n\nHi\n--b\n\nsig\n--b--\n'
    signed = read_letter(LetterSource.SENT, raw)
    assert weigh_letter(signed).why_sealed
    with pytest.raises(AppError, match="digital signature"):
        leave_out(signed, {"1"})
    with pytest.raises(AppError, match="digital signature"):
        scale_pictures(signed, None, Job())


def test_all_wishes_come_true_at_once(letter: Letter) -> None:
    weights = weigh_letter(letter)
    gone = frozenset(part.id for part in weights.files if part.name in {"Plan.pdf", "Odd.png"})
    smaller = make_smaller(letter, Wish(gone, LINK, scale=True), limit(20 * MB), Job())
    assert [part.get_filename() for part in _attached(smaller.letter.raw)] == [
        "Front.jpg",
        "Garden.jpg",
    ]
    assert smaller.letter.text.endswith(LINK)
    assert smaller.words.endswith(f"instead of {spoken_size(weights.size)}.")
    assert len(smaller.changes) == 5
    same = make_smaller(letter, Wish(), None, Job())
    assert _attached(same.letter.raw)[3].get_content() == b"%PDF" * 50_000


def test_without_a_picture_another_way_is_named() -> None:
    plain = read_letter(LetterSource.SENT, b"Subject: Hi\n\nHello\n")
    with pytest.raises(AppError, match="share a link instead"):
        scale_pictures(plain, None, Job())


def test_stop_ends_the_scaling(letter: Letter) -> None:
    job = Job(lambda done, total, words: job.cancel())
    with pytest.raises(CancelledError):
        scale_pictures(letter, None, job)


@pytest.mark.parametrize(
    ("to", "diagnostic", "size", "says"),
    [
        ("dana@example.net", TOO_BIG.format("10240000 bytes"), 10_240_000, "notice"),
        ("dana@gmail.com", TOO_BIG.format("5 MB"), 5 * MB, "notice"),
        ("dana@yahoo.com", TOO_BIG.format("reached"), 25 * MB, "company"),
        ("dana@example.net", TOO_BIG.format("reached"), 0, "nobody"),
    ],
)
def test_the_limit_is_the_notice_s_else_the_company_s(
    case: Callable[..., OpenCase], to: str, diagnostic: str, size: int, says: str
) -> None:
    found = size_limit_for(case(to, diagnostic=diagnostic))
    if says == "nobody":
        assert found is None
    else:
        assert found
        assert (found.size, found.is_said) == (size, says == "notice")


def test_the_smaller_limit_of_both_ends_counts(case: Callable[..., OpenCase]) -> None:
    opened = case("dana@example.net", diagnostic=TOO_BIG.format("50 MB"))
    found = size_limit_for(opened, sender="agent@icloud.com")
    assert found
    assert (found.size, found.words) == (20 * MB, "iCloud Mail sends 20 MB at most.")
    elsewhere = size_limit_for(opened, recipient="dana@yahoo.com")
    assert elsewhere
    assert elsewhere.size == 25 * MB, "the notice spoke of another company"


def _attached(raw: bytes) -> list[EmailMessage]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return list(message.iter_attachments())
