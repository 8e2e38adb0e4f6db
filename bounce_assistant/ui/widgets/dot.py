"""A state as a coloured dot; the word stands beside it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bounce_assistant.ui import theme

_SIDE = 10  # pixels
_GROUPS = {"waiting": "unsure", "running": "setup", "done": "fine", "problem": "address"}


class Dot(QWidget):
    """Waiting, running, done, or a problem."""

    def __init__(self) -> None:
        super().__init__()
        self._state = "waiting"
        self.setFixedSize(_SIDE, _SIDE)

    def set_state(self, state: str) -> None:
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.badge_colours(_GROUPS[self._state], dark=theme.is_dark()).text)
        painter.drawEllipse(self.rect())
