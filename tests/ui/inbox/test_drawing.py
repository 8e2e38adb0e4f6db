"""Words are drawn as their own letters run, on whichever side lines begin."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from bounce_assistant.ui.inbox.drawing import draw_faded
from bounce_assistant.ui.widgets.plain import runs_leftwards

pytestmark = pytest.mark.usefixtures("look")
_RIGHT, _LEFT = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
ENGLISH, HEBREW = "Open house (new), on Saturday?", "בית פתוח בשבת!"


def drawn(qapp: QApplication, text: str, direction: Qt.LayoutDirection, width: int = 400) -> QImage:
    picture = QImage(400, 24, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setFont(qapp.font())
    painter.setLayoutDirection(direction)
    draw_faded(painter, QRect(0, 0, width, 24), text)
    painter.end()
    return picture


@pytest.mark.parametrize(
    ("text", "as_its_letters_run"),
    [(ENGLISH, Qt.TextFlag.TextForceLeftToRight), (HEBREW, Qt.TextFlag.TextForceRightToLeft)],
)
@pytest.mark.parametrize("side", [_LEFT, _RIGHT])
def test_words_run_as_their_letters_do_on_either_side(
    qapp: QApplication, text: str, as_its_letters_run: Qt.TextFlag, side: Qt.LayoutDirection
) -> None:
    wanted = QImage(400, 24, QImage.Format.Format_RGB32)
    wanted.fill(Qt.GlobalColor.white)
    painter = QPainter(wanted)
    painter.setFont(qapp.font())
    edge = Qt.AlignmentFlag.AlignLeft if side is _LEFT else Qt.AlignmentFlag.AlignRight
    place = edge | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRect(0, 0, 400, 24), int(place) | int(as_its_letters_run), text)
    painter.end()
    assert drawn(qapp, text, side) == wanted


@pytest.mark.parametrize("text", [ENGLISH, HEBREW])
def test_a_long_line_begins_with_its_beginning_and_fades_at_its_end(
    qapp: QApplication, text: str
) -> None:
    left, right = (drawn(qapp, text * 5, side, 200) for side in (_LEFT, _RIGHT))
    assert left == right
    whole = drawn(qapp, text, _RIGHT if runs_leftwards(text) else _LEFT, 200)
    start = QRect(140, 0, 55, 24) if runs_leftwards(text) else QRect(5, 0, 55, 24)
    assert left.copy(start) == whole.copy(start)


def test_the_first_letter_says_where_words_run() -> None:
    assert [runs_leftwards(text) for text in (ENGLISH, HEBREW, f"(1) {HEBREW}", "12?", "")] == [
        False, True, True, False, False,
    ]  # fmt: skip
