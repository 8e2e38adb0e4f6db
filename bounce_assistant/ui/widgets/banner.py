"""A message in the layout, beside what it concerns: what happened, and at most two ways on."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.ui.theme import badge_colours, is_dark
from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.choice_row import IconLabel
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.in_view import bring_into_view
from bounce_assistant.ui.widgets.words import Words


class Banner(QWidget):
    """Hidden until there is something to say; icon, words and tint together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = "later"
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 8, 12, 8)
        across.setSpacing(12)
        self._icon = IconLabel("unsure")
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout()
        rows.setSpacing(8)
        across.addLayout(rows, 1)
        self.words = Words()
        rows.addWidget(self.words)
        self._buttons = Flow()
        rows.addLayout(self._buttons)
        self.hide()

    def say(
        self, text: str, *buttons: tuple[str, Callable[[], object]], group: str = "later"
    ) -> None:
        """Show a sentence with buttons: (text, what it does)."""
        clear(self._buttons)
        for label, act in buttons:
            button = ActionButton(label, self)
            button.clicked.connect(act)
            self._buttons.addWidget(button)
        self._group = group
        self._icon.show_icon("done" if group == "fine" else "unsure")
        self.words.show_words(text)
        self.setAccessibleName(text)
        self.show()
        self.update()
        bring_into_view(self)

    def say_problem(self, problem: Exception, *buttons: tuple[str, Callable[[], object]]) -> None:
        """Show a problem in its own words; one that has none is ours."""
        ours = self.tr("Something went wrong in Bounce Assistant. Your mail wasn't changed.")
        self.say(str(problem) if isinstance(problem, AppError) else ours, *buttons)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(badge_colours(self._group, dark=is_dark(self.palette())).tint)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
