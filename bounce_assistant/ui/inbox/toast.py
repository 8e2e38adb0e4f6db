"""A short word at the bottom of the window, with Undo for ten seconds."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from bounce_assistant.ui import theme
from bounce_assistant.ui.theme import GAP_8, GAP_16, GAP_24

SHOWN_FOR = 10_000  # milliseconds
_Role = QPalette.ColorRole


class Toast(QFrame):
    """Floats over the bottom of its parent; never takes the focus."""

    undo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.undo_button = theme.tinted_link(QPushButton(self.tr("Undo")))
        self.undo_button.setProperty("kind", "toast-link")
        self.undo_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.undo_button.clicked.connect(self._on_undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_16, GAP_8, GAP_16, GAP_8)
        row.setSpacing(GAP_16)
        row.addWidget(self._label)
        row.addWidget(self.undo_button)
        self.timer = QTimer(self, singleShot=True, interval=SHOWN_FOR)
        self.timer.timeout.connect(self.hide)
        self.setAutoFillBackground(True)
        self._dress()
        self.hide()
        parent.installEventFilter(self)

    @property
    def text(self) -> str:
        return self._label.text()

    def show_words(self, text: str, *, can_undo: bool) -> None:
        """Show a sentence; with Undo when there is something to take back."""
        self._label.setText(text)
        self.undo_button.setVisible(can_undo)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self.timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._label, QAccessible.Event.Alert))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # the parts get theirs after the whole
            QTimer.singleShot(0, self, self._dress)

    def _on_undo(self) -> None:
        self.hide()
        self.undo_requested.emit()

    def _place(self) -> None:
        window = self._window
        left = (window.width() - self.width()) // 2
        self.move(left, window.height() - self.height() - GAP_24 - GAP_24)

    def _dress(self) -> None:
        whole = QPalette()
        palette = QPalette()
        back, front = whole.color(_Role.ToolTipBase), whole.color(_Role.ToolTipText)
        palette.setColor(_Role.Window, back)
        for role in (_Role.WindowText, _Role.ButtonText, _Role.Highlight):
            palette.setColor(role, front)
        theme.dress(self, palette)
