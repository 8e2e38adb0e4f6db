"""What can be smaller is chosen with its size in view."""

from email import policy
from email.message import EmailMessage

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter
from pytestqt.qtbot import QtBot

from bounce_assistant.services.letters import Letter, LetterSource, read_letter
from bounce_assistant.ui.sending.parts_page import PartsPage
from bounce_assistant.ui.sending.pictures import LONGEST_SIDE, scaled
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.sending.conftest import LIMIT


def picture(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for x in range(0, width, 3):
        for y in range(0, height, 7):
            image.setPixelColor(x, y, QColor((x * 37) % 256, (y * 91) % 256, (x * y) % 256))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"JPG")).write(image)
    return bytes(buffer.data().data())


def letter(photo: bytes) -> Letter:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "Photos"
    message.set_content("See the photos.")
    message.add_attachment(photo, maintype="image", subtype="jpeg", filename="house.jpg")
    message.add_attachment(b"x" * 9000, maintype="text", subtype="csv", filename="list & plan.csv")
    return read_letter(LetterSource.NOTICE, message.as_bytes())


def test_a_large_photo_fits_a_screen_afterwards() -> None:
    before = picture(2400, 900)
    after = scaled(before, "image/jpeg")
    image = QImage.fromData(after)
    assert (image.width(), image.height()) == (LONGEST_SIDE, 600)
    assert len(after) < len(before)


def test_what_is_no_picture_or_saves_nothing_stays(qtbot: QtBot) -> None:
    assert scaled(b"no picture", "image/jpeg") == b"no picture"
    assert scaled(b"<svg/>", "image/svg+xml") == b"<svg/>"


def test_files_and_pictures_are_chosen_with_what_that_comes_to(
    qtbot: QtBot, look: None, tasks: TaskRunner
) -> None:
    page = PartsPage(tasks)
    qtbot.addWidget(page)
    page.show()
    whole = letter(picture(2400, 900))
    page.show_letter(whole, "10 MB")
    assert page.lead.text() == "They take 10 MB at most."
    assert [box.text() for box in page.boxes.values()][1].startswith("list && plan.csv (9 kB")
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)
    for box in page.boxes.values():
        if "csv" in box.text():
            box.click()
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)
    assert " instead of " in page.total.text()
    with qtbot.waitSignal(page.chosen, timeout=LIMIT) as chosen:
        page.use.click()
    assert chosen.args is not None
    smaller = chosen.args[0]
    assert [part.name for part in smaller.parts if part.name] == ["house.jpg"]
    assert len(smaller.raw) < len(whole.raw)
