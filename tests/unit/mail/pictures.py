"""Pictures as cameras, phones and pranksters make them."""

import struct
import zlib
from io import BytesIO

from PIL import Image

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)
_ORIENTATION = 0x0112


def photo(width: int = 3000, height: int = 2000, *, kind: str = "JPEG", turned: int = 1) -> bytes:
    """Return a noisy picture, red on the left and blue on the right as its points are kept."""
    image = Image.effect_noise((width, height), 60).convert("RGB")
    for colour, box in ((LEFT, (0, 0)), (RIGHT, (width // 2, 0))):
        half = Image.new("RGB", (width // 2, height), colour)
        image.paste(Image.blend(image.crop((*box, box[0] + width // 2, height)), half, 0.7), box)
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    exif[0x010F] = "Camera of Pat"
    return saved(image, kind, quality=95, exif=exif)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bomb(width: int = 40_000, height: int = 40_000) -> bytes:
    """Return a PNG of a few kilobytes that says it unpacks to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
