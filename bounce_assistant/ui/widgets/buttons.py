"""Buttons as the product wears them: one filled, the others outlined, links, and copy buttons."""

from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSizePolicy, QWidget

from bounce_assistant.ui.theme import link_button, main_button, set_icon
from bounce_assistant.ui.widgets.enter import EnterButton
from bounce_assistant.ui.widgets.plain import button_text

_COPIED_FOR = 4000  # milliseconds
_LEAST = 48  # pixels; a longer text is cut only where the window leaves no more


class ActionButton(EnterButton):
    """Shows a text as it is, and gives way in a narrow window instead of widening it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show a text in which ``&`` is only a character."""
        self.setText(button_text(text))

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), _LEAST), whole.height())


class MainButton(ActionButton):
    """The filled one: the next act. One on a screen."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        main_button(self)


class LinkButton(ActionButton):
    """Looks like a link, is a button to the keyboard and to a screen reader."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        link_button(self)


class CopyButton(ActionButton):
    """Puts words on the clipboard and says so in place."""

    def __init__(self, text: str, words: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._text, self._words = text, words
        set_icon(self, "copy")
        self._back = QTimer(self, singleShot=True, interval=_COPIED_FOR)
        self._back.timeout.connect(self._on_time_over)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._words())
        self.setMinimumWidth(self.width())  # so that nothing beside it jumps
        self.show_text(self.tr("Copied"))
        set_icon(self, "done")
        self._back.start()

    def _on_time_over(self) -> None:
        self.setMinimumWidth(0)
        self.show_text(self._text)
        set_icon(self, "copy")
