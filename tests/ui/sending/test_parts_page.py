"""What can be smaller is chosen with its size in view."""

from email import policy
from email.message import EmailMessage

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter
from pytestqt.qtbot import QtBot

from bounce_assistant.services.fixes.make_smaller import SizeLimit
from bounce_assistant.services.letters import Letter, LetterSource, read_letter
from bounce_assistant.ui.sending.parts_page import PartsPage
from bounce_assistant.ui.sending.wizard_page import TickRow
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


def limit(size: int) -> SizeLimit:
    return SizeLimit(size, "Their mail company takes that at most.", is_said=True)


@pytest.fixture
def page(qtbot: QtBot, look: None, tasks: TaskRunner) -> PartsPage:
    page = PartsPage(tasks)
    qtbot.addWidget(page)
    page.show()
    return page


def box(page: PartsPage, name: str) -> TickRow:
    return next(box for box in page.boxes.values() if name in box.words)


def test_files_and_pictures_are_chosen_with_what_that_comes_to(
    page: PartsPage, qtbot: QtBot
) -> None:
    whole = letter(picture(2400, 900))
    page.show_letter(whole, limit(10_000_000))
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)
    assert page.lead.text().endswith("Their mail company takes that at most.")
    assert box(page, "csv").words.startswith("list & plan.csv (")
    assert page.changes.text().startswith("house.jpg: ")
    box(page, "csv").click()
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)
    assert " instead of " in page.total.text()
    assert "list & plan.csv is left out" in page.changes.text()
    with qtbot.waitSignal(page.chosen, timeout=LIMIT) as chosen:
        page.use.click()
    assert chosen.args is not None
    smaller = chosen.args[0]
    assert [part.name for part in smaller.parts if part.name] == ["house.jpg"]
    assert len(smaller.raw) < len(whole.raw)


def test_what_stays_too_big_can_not_be_used(page: PartsPage, qtbot: QtBot) -> None:
    page.show_letter(letter(picture(2400, 900)), limit(12_000))
    qtbot.waitUntil(lambda: "still too big" in page.total.text(), timeout=LIMIT)
    assert not page.use.isEnabled()
    for each in page.boxes.values():
        each.click()
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)


def test_a_link_takes_the_place_of_what_is_left_out(page: PartsPage, qtbot: QtBot) -> None:
    page.show_letter(letter(picture(2400, 900)), None)
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)
    assert not page.link.isVisible(), "nothing is left out yet"
    box(page, "csv").click()
    assert page.link.isVisible()
    page.link.edit.setText("files.example.com/x")
    qtbot.waitUntil(page.banner.isVisible, timeout=LIMIT)
    assert "This link can't be used." in page.banner.words.text()
    assert not page.use.isEnabled()
    page.link.edit.setText("https://files.example.com/x")
    qtbot.waitUntil(page.use.isEnabled, timeout=LIMIT)
    assert not page.banner.isVisible()
    with qtbot.waitSignal(page.chosen, timeout=LIMIT) as chosen:
        page.use.click()
    assert chosen.args is not None
    assert chosen.args[0].text.endswith("The files are here: https://files.example.com/x")


def test_without_files_the_text_can_be_shorter(page: PartsPage, qtbot: QtBot) -> None:
    page.show_letter(read_letter(LetterSource.NOTICE, b"Subject: Hi\n\nHello\n"), None)
    qtbot.waitUntil(page.shorten.isVisible, timeout=LIMIT)
    assert page.lead.text().endswith("It has no files, so only its text can be shorter.")
    assert not page.use.isVisible()
    with qtbot.waitSignal(page.text_wanted, timeout=LIMIT):
        page.shorten.click()
