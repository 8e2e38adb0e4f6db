"""Scales pictures down; whatever looks odd, dangerous or not worth it is left as it is, and why.

A picture is hostile input: its size is known before a single point of it is unpacked, only three
kinds are opened at all, and what they may unpack to is bounded.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Pillow is loaded when the first picture is scaled
    from PIL.Image import Image

_KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_MOST_BYTES = 60 * 1024 * 1024
_MOST_POINTS = 64_000_000  # unpacked whole: 256 MB at most
_MOST_JPEG_POINTS = 250_000_000  # unpacked at an eighth of its width, where it is so big
_MOST_PROFILE = 100_000  # bytes of a colour profile that is kept
_WORTH_IT = 0.9  # of the old size; above that the old picture stays
_MUCH_SMALLER = 0.6  # of a PNG's size, for a JPEG to take its place
_JPEGS = frozenset({"JPEG", "MPO"})  # phones put a second picture behind the first
_JPEG_MODES = frozenset({"RGB", "L"})


@dataclass(frozen=True, slots=True)
class Size:
    """How small pictures are made: none is made bigger."""

    name: str  # "medium"
    edge: int  # points along the longer side
    quality: int  # of a JPEG, 1 to 95


SIZES = (Size("large", 2048, 85), Size("medium", 1600, 80), Size("small", 1024, 75))


@dataclass(frozen=True, slots=True)
class Scaled:
    """A picture made smaller, or left as it is with the reason."""

    content: bytes  # b"" when it is left as it is
    content_type: str = ""
    width: int = 0
    height: int = 0
    why_not: str = ""


def scale_picture(content: bytes, size: Size) -> Scaled:
    """Return a picture scaled to a size, turned the right way up and without its camera's notes.

    Any bytes give an answer, in bounded time and memory.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see above

    if len(content) > _MOST_BYTES:
        return Scaled(b"", why_not="The picture is too big to be opened safely.")
    Image.MAX_IMAGE_PIXELS = None  # warns only; ours are stricter, and come before unpacking
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=list(_KINDS)) as image:
                why_not = _why_not(image)
                return Scaled(b"", why_not=why_not) if why_not else _scaled(image, content, size)
    except UnidentifiedImageError:
        return Scaled(b"", why_not="It isn't a kind of picture we can make smaller.")
    except Exception:  # noqa: BLE001 - decoders raise whatever a broken picture makes them
        return Scaled(b"", why_not="The picture can't be read.")


def _why_not(image: "Image") -> str:
    points = image.width * image.height
    is_jpeg = image.format in _JPEGS
    is_lean = is_jpeg and not image.info.get("progressive")
    if points > (_MOST_JPEG_POINTS if is_lean else _MOST_POINTS):
        return "The picture is too big to be opened safely."
    if not is_jpeg and getattr(image, "n_frames", 1) > 1:
        return "It moves, and would stand still afterwards."
    if image.mode.startswith(("I", "F")):
        return "It has more shades than we can keep."
    return ""


def _scaled(image: "Image", content: bytes, size: Size) -> Scaled:
    from PIL import ImageOps  # noqa: PLC0415 - see above

    kind = "JPEG" if image.format in _JPEGS else image.format or ""
    image.draft(None, (size.edge, size.edge))  # a big JPEG is unpacked small from the start
    upright = ImageOps.exif_transpose(image)
    picture = _plain_mode(upright)
    picture.thumbnail((size.edge, size.edge))
    made, content_type = _saved(picture, kind, size, image.info.get("icc_profile"))
    if len(made) > len(content) * _WORTH_IT:
        return Scaled(b"", why_not="It is small already.")
    return Scaled(made, content_type, picture.width, picture.height)


def _plain_mode(image: "Image") -> "Image":
    """Return the picture in a mode that can be scaled smoothly, see-through points kept."""
    if image.mode in {"RGB", "RGBA", "L"}:
        return image
    has_holes = image.mode in {"LA", "PA", "RGBa"} or "transparency" in image.info
    return image.convert("RGBA" if has_holes else "L" if image.mode == "1" else "RGB")


def _saved(image: "Image", kind: str, size: Size, profile: bytes | None) -> tuple[bytes, str]:
    """Write the picture in its own kind; a PNG that is really a photo becomes a JPEG."""
    kept = profile if profile and len(profile) <= _MOST_PROFILE else None
    if kind == "PNG" and image.mode in _JPEG_MODES:
        png, jpeg = _written(image, "PNG", size, kept), _written(image, "JPEG", size, kept)
        return (jpeg, "image/jpeg") if len(jpeg) < len(png) * _MUCH_SMALLER else (png, "image/png")
    return _written(image, kind, size, kept), _KINDS[kind]


def _written(image: "Image", kind: str, size: Size, profile: bytes | None) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        image.save(out, "PNG", icc_profile=profile)
    else:
        image.save(out, kind, quality=size.quality, optimize=True, icc_profile=profile)
    return out.getvalue()
