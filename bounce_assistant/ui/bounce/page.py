"""A page of the reading pane: a column no wider than reads well, scrolling when it is long."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.words import column_width

_CARD_SIDES = 2 * 24  # the card's own margins come on top of the text's width
_QUIET = 10  # milliseconds in which only our own measuring is heard
_ROUNDS = 2  # a quoted text finds its height only after the first
_BUTTONS = 1.15  # three buttons in a row want a little more than a line of text does


class Page(QScrollArea):
    """Its column stays at the left of a wide window, and never scrolls sideways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        # Layouts inside layouts settle one after the other; only then is the height known.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._settle)
        self._settled = QTimer(self, singleShot=True, interval=_QUIET)
        self._settled.timeout.connect(self._on_settled)
        self._rounds = 0
        self.setWidget(inside)  # whose events the scroll area filters from now on
        self._limit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit again when something inside has grown or gone."""
        is_ours = self._settled.isActive()  # our own measuring asks as well
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget() and not is_ours:
            self._rounds = 0
            self._soon.start()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _settle(self) -> None:
        """Have every layout measure again, the innermost first: each remembers old heights."""
        inside = self.widget()
        self._rounds += 1
        self._settled.start()
        if inside:
            for widget in reversed(inside.findChildren(QWidget)):
                if widget.layout():
                    widget.updateGeometry()
        self._fit()

    def _on_settled(self) -> None:
        if self._rounds < _ROUNDS:
            self._settle()
        else:
            self._fit()

    def _fit(self) -> None:
        """Be as wide as the window and as high as the words need at that width.

        A resizable scroll area would take the height that they need at their narrowest.
        """
        inside, room = self.widget(), self.viewport().size()
        layout = inside.layout() if inside else None
        if inside and layout:
            inside.resize(
                room.width(), max(room.height(), layout.totalHeightForWidth(room.width()))
            )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._limit()

    def _limit(self) -> None:
        self._column.setMaximumWidth(round(column_width(self) * _BUTTONS) + _CARD_SIDES)
