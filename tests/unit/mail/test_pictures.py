"""A picture is made smaller and stays the picture; a hostile one stays shut."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bounce_assistant.mail.pictures import SIZES, scale_picture
from tests.unit.mail.pictures import LEFT, bomb, photo, saved

LARGE, MEDIUM, SMALL = SIZES


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_photo_gets_smaller_step_by_step() -> None:
    content = photo()
    made = [scale_picture(content, size) for size in SIZES]
    assert [(one.width, one.height) for one in made] == [(2048, 1365), (1600, 1067), (1024, 683)]
    assert len(content) > len(made[0].content) > len(made[1].content) > len(made[2].content)
    assert {one.content_type for one in made} == {"image/jpeg"}
    assert opened(made[0].content).size == (2048, 1365)


def test_a_photo_taken_upright_stays_upright_without_its_camera() -> None:
    made = scale_picture(photo(turned=6), SMALL)  # to be turned a quarter to the right
    picture = opened(made.content).convert("RGB")
    assert picture.size == (683, 1024)
    red, _, blue = picture.crop((0, 0, 683, 500)).resize((1, 1)).split()
    assert red.tobytes() > blue.tobytes(), "what was on the left is on top"
    red, _, blue = picture.crop((0, 524, 683, 1024)).resize((1, 1)).split()
    assert red.tobytes() < blue.tobytes()
    assert not opened(made.content).getexif()


def test_a_photo_kept_as_png_becomes_a_jpeg() -> None:
    content = photo(1200, 800, kind="PNG")
    made = scale_picture(content, SMALL)
    assert (made.content_type, opened(made.content).format) == ("image/jpeg", "JPEG")


def test_a_drawing_with_see_through_parts_stays_one() -> None:
    drawing = Image.new("RGBA", (1400, 1400), (0, 0, 0, 0))
    drawing.paste((*LEFT, 255), (0, 0, 700, 1400))
    made = scale_picture(saved(drawing, "PNG", compress_level=0), SMALL)
    assert (made.content_type, opened(made.content).mode) == ("image/png", "RGBA")


def test_the_second_picture_of_a_phone_does_not_matter() -> None:
    first, second = (opened(photo(1400, 900)) for _ in range(2))
    content = saved(first, "MPO", save_all=True, append_images=[second])
    assert opened(content).format == "MPO"
    assert scale_picture(content, SMALL).width == 1024


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("LA", "PNG"), ("RGB", "WEBP")],
)
def test_pictures_of_many_kinds_are_scaled(mode: str, kind: str) -> None:
    content = saved(opened(photo(1400, 900)).convert(mode), kind)
    made = scale_picture(content, SMALL)
    assert (made.width, made.why_not) == (1024, "")


def test_a_small_picture_is_left_alone() -> None:
    content = saved(opened(photo(600, 400)), "JPEG", quality=60)
    assert scale_picture(content, LARGE).why_not == "It is small already."


@pytest.mark.parametrize(
    ("content", "why_not"),
    [
        (bomb(), "The picture is too big to be opened safely."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "It isn't a kind of picture we can make smaller."),
        (photo(400, 400)[:3000], "The picture can't be read."),
        (b"<svg onload='alert(1)'/>", "It isn't a kind of picture we can make smaller."),
        (b"", "It isn't a kind of picture we can make smaller."),
        (b"x" * (61 * 1024 * 1024), "The picture is too big to be opened safely."),
        (saved(Image.new("I;16", (900, 900)), "PNG"), "It has more shades than we can keep."),
        (
            saved(
                Image.new("RGB", (90, 90)),
                "PNG",
                save_all=True,
                append_images=[Image.new("RGB", (90, 90), LEFT)],
            ),
            "It moves, and would stand still afterwards.",
        ),
    ],
    ids=["bomb", "no-png", "cut", "svg", "empty", "heavy", "deep", "moving"],
)
def test_what_is_odd_stays_as_it_is(content: bytes, why_not: str) -> None:
    made = scale_picture(content, SMALL)
    assert (made.content, made.why_not) == (b"", why_not)


@given(at=st.integers(0, 20_000), noise=st.binary(min_size=1, max_size=50))
def test_a_damaged_picture_gives_an_answer(at: int, noise: bytes) -> None:
    content = bytearray(SAMPLE)
    content[at % len(SAMPLE) : at % len(SAMPLE) + len(noise)] = noise
    made = scale_picture(bytes(content), SMALL)
    assert made.content or made.why_not


SAMPLE = photo(300, 200)
