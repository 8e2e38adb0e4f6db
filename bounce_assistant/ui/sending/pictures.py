"""Scales pictures down to what a screen shows."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QImageWriter

LONGEST_SIDE = 1600  # pixels; fills a laptop's screen
_QUALITY = 82  # of JPEG; coarser ones show
_FORMATS = {"image/jpeg": "JPG", "image/jpg": "JPG", "image/png": "PNG", "image/webp": "WEBP"}


def scaled(data: bytes, content_type: str) -> bytes:
    """Return a picture no larger than a screen; itself where that can't be done or saves nothing.

    Its kind stays; it is turned upright, as what said so (Exif) is lost. Runs on any thread.
    """
    kind = _FORMATS.get(content_type)
    if kind is None:
        return data
    source = QBuffer()
    source.setData(QByteArray(data))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE:
        wanted = QSize(LONGEST_SIDE, LONGEST_SIDE)
        reader.setScaledSize(size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()  # null where it is no picture, or one that would fill the memory
    if image.isNull():
        return data
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(out, QByteArray(kind.encode()))
    if kind != "PNG":  # whose quality is but a number for how long to try
        writer.setQuality(_QUALITY)
    is_saved = writer.write(image)
    result = bytes(out.data().data())
    return result if is_saved and 0 < len(result) < len(data) else data
