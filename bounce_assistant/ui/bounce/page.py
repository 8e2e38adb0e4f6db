"""A page of the reading pane: a column no wider than reads well, scrolling when it is long."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.words import column_width

_CARD_SIDES = 2 * 24  # the card's own margins come on top of the text's width
_BUTTONS = 1.15  # three buttons in a row want a little more than a line of text does


class Page(QScrollArea):
    """Its column stays at the left of a wide window, and never scrolls sideways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        inside = QWidget()
        inside.setBackgroundRole(QPalette.ColorRole.Window)
        across = QHBoxLayout(inside)
        across.setContentsMargins(16, 16, 16, 16)
        self._column = QWidget()
        self._column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.rows = QVBoxLayout(self._column)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(16)
        across.addWidget(self._column, 100)
        across.addStretch(1)
        self.setWidget(inside)
        self._limit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._limit()

    def _limit(self) -> None:
        self._column.setMaximumWidth(round(column_width(self) * _BUTTONS) + _CARD_SIDES)
