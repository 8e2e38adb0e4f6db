"""An email that is too big: what weighs how much, and smaller versions of it to look at first.

For the window: ``weigh_letter`` for the page that shows what makes it big, then ``make_smaller``.
Its ``Smaller`` has the letter that ``Resend.review`` takes (``Order.letter``) and says its size,
before anything is sent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bounce_assistant.advice.sizes import read_size, spoken_size
from bounce_assistant.diagnosis.causes import size_limit
from bounce_assistant.errors import AppError
from bounce_assistant.mail import slimming
from bounce_assistant.mail.accounts import domain_of
from bounce_assistant.mail.providers import load_providers
from bounce_assistant.mail.slimming import NewFile, WeighedPart
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter, read_letter

if TYPE_CHECKING:  # Pillow is loaded when the first picture is scaled
    from bounce_assistant.mail.pictures import Scaled

_HEADINGS = 8 * 1024  # bytes that servers on the way write on top
_MEGABYTE = 1024 * 1024
_LONGEST_LINK = 2000
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/jpg", "image/pjpeg"})
_LEAST_PICTURE = 100 * 1024  # bytes; smaller ones are not worth a look
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """The biggest email that gets through, and who says so."""

    size: int  # bytes, as it travels
    words: str  # "Their mail company takes 25 MB at most."
    is_said: bool  # True: the notice names it; False: what the company is known to take


@dataclass(frozen=True, slots=True)
class Weights:
    """What makes an email big."""

    size: int  # bytes as it travels: files grow by about a third
    parts: tuple[WeighedPart, ...]  # the heaviest first
    limit: SizeLimit | None  # None: nobody says
    why_sealed: str = ""  # a sentence when nothing in it can be changed

    @property
    def pictures(self) -> tuple[WeighedPart, ...]:
        """Those that can be scaled down."""
        return tuple(part for part in self.parts if is_picture(part))

    @property
    def files(self) -> tuple[WeighedPart, ...]:
        """Those that can be left out, or shared by a link."""
        return tuple(part for part in self.parts if not part.is_text and not part.is_shown)


@dataclass(frozen=True, slots=True)
class Smaller:
    """A smaller version, not sent: its letter, its size, and whether it gets through."""

    letter: Letter
    size: int  # bytes as it travels
    fits: bool | None  # None: nobody says how big it may be
    words: str  # "It would be 4.1 MB instead of 28 MB."
    changes: tuple[str, ...] = ()  # one sentence for each part that changed
    kept: tuple[str, ...] = ()  # one sentence for each that could not be changed


def size_limit_for(opened: OpenCase, *, sender: str = "", recipient: str = "") -> SizeLimit | None:
    """Return the smallest limit on the way: the notice's, else the companies' of both addresses.

    ``sender`` and ``recipient`` are addresses; "" takes those of the bounced email.
    """
    to = recipient or opened.row.address
    words = opened.diagnosis.recipient.diagnostic or opened.report.text[:4000]
    limits = []
    if domain_of(to) == domain_of(opened.row.address) and opened.diagnosis.cause == "too_big":
        said = size_limit(words) or read_size(dict(opened.diagnosis.slots).get("limit", ""))
        if said:
            limits.append(_limit(said, "Their mail company", is_said=True))
    if not limits:
        limits += _of_company(domain_of(to), "takes")
    original = opened.report.original
    limits += _of_company(domain_of(sender or (original.sender if original else "")), "sends")
    return min(limits, key=lambda each: each.size, default=None)


def weigh_letter(letter: Letter, limit: SizeLimit | None = None) -> Weights:
    """Return what makes a letter big."""
    found = slimming.weigh(letter.raw)
    return Weights(found.size + _HEADINGS, found.parts, limit, found.why_sealed)


@dataclass(frozen=True, slots=True)
class Wish:
    """What should be smaller about a letter."""

    left_out: frozenset[str] = frozenset()  # ids of parts
    link: str = ""  # stands in for them; the user put them there
    scale: bool = False  # the pictures that stay


def make_smaller(letter: Letter, wish: Wish, limit: SizeLimit | None, job: Job) -> Smaller:
    """Return the letter as wished. AppError when it can't be changed or the link is odd."""
    weights = _open(letter, limit)
    smaller = (
        share_link(letter, wish.left_out, wish.link, limit)
        if wish.link.strip()
        else leave_out(letter, wish.left_out, limit)
    )
    if wish.scale and any(part.size >= _LEAST_PICTURE for part in _pictures_left(weights, wish)):
        scaled = scale_pictures(smaller.letter, limit, job)
        smaller = replace(
            scaled,
            changes=smaller.changes + scaled.changes,
            words=_size_words(scaled.size, weights, fits=scaled.fits),
        )
    return smaller


def _pictures_left(weights: Weights, wish: Wish) -> list[WeighedPart]:
    return [part for part in weights.pictures if part.id not in wish.left_out]


def leave_out(letter: Letter, parts: Collection[str], limit: SizeLimit | None = None) -> Smaller:
    """Return the letter without some parts, by their ids. AppError when it can't be changed."""
    weights = _open(letter, limit)
    gone = [part for part in weights.parts if part.id in parts]
    raw = slimming.without_parts(letter.raw, parts)
    return _smaller(letter, raw, weights, tuple(map(_left_out, gone)))


def share_link(
    letter: Letter,
    parts: Collection[str],
    link: str,
    limit: SizeLimit | None = None,
    *,
    words: str = "The files are here:",
) -> Smaller:
    """Return the letter with a link in place of some parts; the user put the files there.

    Raises AppError when the link is none that can be opened safely, or nothing can be changed.
    """
    link = link.strip()
    _refuse_odd_link(link)
    weights = _open(letter, limit)
    gone = [part for part in weights.parts if part.id in parts]
    raw = slimming.with_line(slimming.without_parts(letter.raw, parts), words, link)
    changes = (*map(_left_out, gone), f"The text ends with: {words} {link}")
    return _smaller(letter, raw, weights, changes)


def scale_pictures(
    letter: Letter, limit: SizeLimit | None, job: Job, *, biggest: str = "large"
) -> Smaller:
    """Return the letter with its pictures made just as small as needed to get through.

    ``biggest`` is where it begins: "large", "medium" or "small" (``mail.pictures.SIZES``). Without
    a limit it stays at that; where even "small" is too big, ``fits`` says so. Raises
    CancelledError between two pictures, AppError when nothing can be changed.
    """
    from bounce_assistant.mail.pictures import SIZES, scale_picture  # noqa: PLC0415 - rarely needed

    weights = _open(letter, limit)
    pictures = [part for part in weights.pictures if part.size >= _LEAST_PICTURE]
    if not pictures:
        raise AppError(
            "There is no picture in it that can be made smaller.",
            "",
            "Leave a file out, or share a link instead.",
        )
    contents = slimming.file_contents(letter.raw, [part.id for part in pictures])
    sizes = SIZES[[size.name for size in SIZES].index(biggest) :]
    for number, size in enumerate(sizes):
        scaled = {}
        for at, part in enumerate(pictures, start=number * len(pictures)):
            job.step(at, len(sizes) * len(pictures), f"Making pictures {size.name}")
            scaled[part.id] = scale_picture(contents[part.id], size)
        smaller = _with_pictures(letter, weights, pictures, scaled)
        if smaller.fits is not False:
            break
    job.step(1, 1)
    return smaller


def _with_pictures(
    letter: Letter,
    weights: Weights,
    pictures: Sequence[WeighedPart],
    scaled: Mapping[str, "Scaled"],
) -> Smaller:
    files: dict[str, NewFile] = {}
    changes, kept = [], []
    for part in pictures:
        made = scaled[part.id]
        if made.why_not:
            kept.append(f"{_called(part)} stays as it is. {made.why_not}")
            continue
        files[part.id] = _file(part, made)
        sizes = f"{spoken_size(_on_the_way(made.content))} instead of {spoken_size(part.weight)}"
        changes.append(f"{_called(part)}: {sizes}.")
    raw = slimming.with_files(letter.raw, files) if files else letter.raw
    return _smaller(letter, raw, weights, tuple(changes), tuple(kept))


def is_picture(part: WeighedPart) -> bool:
    """Tell whether a part is a picture that can be scaled down."""
    return part.content_type in _PICTURES


def _open(letter: Letter, limit: SizeLimit | None) -> Weights:
    weights = weigh_letter(letter, limit)
    if weights.why_sealed:
        raise AppError("This email can't be made smaller.", weights.why_sealed, "Write a new one.")
    return weights


def _smaller(
    letter: Letter,
    raw: bytes,
    before: Weights,
    changes: tuple[str, ...],
    kept: tuple[str, ...] = (),
) -> Smaller:
    size = slimming.wire_size(raw) + _HEADINGS
    fits = None if before.limit is None else size <= before.limit.size
    return Smaller(
        letter=read_letter(letter.source, raw, letter.why_not),
        size=size,
        fits=fits,
        words=_size_words(size, before, fits=fits),
        changes=changes,
        kept=kept,
    )


def _size_words(size: int, before: Weights, *, fits: bool | None) -> str:
    words = f"It would be {spoken_size(size)} instead of {spoken_size(before.size)}."
    if before.limit is None:
        return words
    return words if fits else f"{words} That is still too big. {before.limit.words}"


def _limit(size: int, whose: str, *, is_said: bool, verb: str = "takes") -> SizeLimit:
    return SizeLimit(size, f"{whose} {verb} {spoken_size(size)} at most.", is_said)


def _of_company(domain: str, verb: str) -> list[SizeLimit]:
    provider = load_providers().by_domain(domain)
    if provider is None or provider.size is None:
        return []
    size = int(provider.size.message_mb * _MEGABYTE)
    return [_limit(size, provider.name, is_said=False, verb=verb)]


def _left_out(part: WeighedPart) -> str:
    return f"{_called(part)} is left out ({spoken_size(part.weight)})."


def _on_the_way(content: bytes) -> int:
    """Return the bytes of a file as base64, in lines of 76 letters (RFC 2045, section 6.8)."""
    letters = -(-len(content) // 3) * 4
    return letters + 2 * -(-letters // 76)


def _called(part: WeighedPart) -> str:
    return part.name or ("A picture" if part.content_type.startswith("image/") else "A file")


def _file(part: WeighedPart, scaled: "Scaled") -> NewFile:
    """Name a picture by its kind: a PNG that became a JPEG is no .png any more."""
    name = part.name
    if name and scaled.content_type != part.content_type.replace("/jpg", "/jpeg"):
        stem = name.rpartition(".")[0] or name
        name = f"{stem}{_ENDINGS[scaled.content_type]}"
    return NewFile(scaled.content, scaled.content_type, name if name != part.name else "")


def _refuse_odd_link(link: str) -> None:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    is_safe = parts.scheme == "https" and "." in host and not (parts.username or parts.password)
    if not is_safe or len(link) > _LONGEST_LINK or any(c.isspace() or c in '<>"' for c in link):
        raise AppError(
            "This link can't be used.",
            "It has to begin with https:// and be one piece.",
            "Copy it again from Google Drive, OneDrive or Dropbox.",
        )
