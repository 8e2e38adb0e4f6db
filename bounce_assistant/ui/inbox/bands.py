"""Bands under the toolbar: what concerns the whole list, said where it happens and not on top."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.ui import theme
from bounce_assistant.ui.theme import GAP_4, GAP_8, GAP_16
from bounce_assistant.ui.widgets.words import align_leading

Button = tuple[str, Callable[[], object]]
_Role = QPalette.ColorRole


class Band(QFrame):
    """An icon, a sentence, and at most two links. Its colours are those of a cause group."""

    def __init__(
        self,
        group: str,
        icon: str,
        text: str,
        buttons: Sequence[Button] = (),
        *,
        can_close: bool = False,
    ) -> None:
        super().__init__()
        self._group, self._icon_name = group, icon
        self._icon = QLabel()
        self._label = QLabel(text)
        self._label.setTextFormat(Qt.TextFormat.PlainText)  # it may quote a server
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_16, GAP_4, GAP_8, GAP_4)
        row.setSpacing(GAP_8)
        row.addWidget(self._icon)
        align_leading(self._label)
        row.addWidget(self._label, 1)
        self.buttons = [self._add_button(row, *button) for button in buttons]
        self.close_button: QToolButton | None = None
        if can_close:
            self.close_button = self._add_close_button(row)
        self.setAutoFillBackground(True)
        self.setMinimumHeight(40)
        self._dress()

    @property
    def text(self) -> str:
        return self._label.text()

    def set_text(self, text: str) -> None:
        self._label.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # the parts get theirs after the whole
            QTimer.singleShot(0, self, self._dress)

    def showEvent(self, _event: QShowEvent) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self._label, QAccessible.Event.Alert))

    def _add_button(self, row: QHBoxLayout, text: str, act: Callable[[], object]) -> QPushButton:
        button = theme.tinted_link(QPushButton(text))
        button.clicked.connect(lambda _=False: act())
        row.addWidget(button)
        return button

    def _add_close_button(self, row: QHBoxLayout) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setAccessibleName(self.tr("Dismiss"))
        button.setToolTip(self.tr("Dismiss"))
        theme.set_icon(button, "close")
        button.clicked.connect(self.deleteLater)
        row.addWidget(button)
        return button

    def _dress(self) -> None:
        colours = theme.badge_colours(self._group, dark=theme.is_dark())
        palette = QPalette()
        palette.setColor(_Role.Window, colours.tint)
        for role in (_Role.WindowText, _Role.Link, _Role.Text, _Role.ButtonText, _Role.Highlight):
            palette.setColor(role, colours.text)
        theme.dress(self, palette)
        scale = self.devicePixelRatioF()
        self._icon.setPixmap(theme.pixmap(self._icon_name, colours.text, 16, scale))


class BandStack(QWidget):
    """The bands that are shown now, one below the other; a new one with a key replaces the old."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bands: dict[str, Band] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_band(self, key: str, band: Band) -> None:
        self.remove(key)
        self._bands[key] = band
        self._column.addWidget(band)
        band.destroyed.connect(lambda: self._forget(key, band))

    def keep_band(self, key: str, band: Band) -> None:
        """Show a band, unless one that says the same stands there: nobody is told it again."""
        before = self._bands.get(key)
        if before is not None and before.text == band.text:
            band.deleteLater()
        else:
            self.show_band(key, band)

    def remove(self, key: str) -> None:
        band = self._bands.pop(key, None)
        if band is not None:
            band.hide()
            band.deleteLater()

    def names(self) -> list[str]:
        """Return the keys of the bands that are shown, top down."""
        return list(self._bands)

    def band(self, key: str) -> Band | None:
        return self._bands.get(key)

    def texts(self) -> list[str]:
        """Return the sentences shown, top down."""
        return [band.text for band in self._bands.values()]

    def _forget(self, key: str, band: Band) -> None:
        if self._bands.get(key) is band:
            del self._bands[key]
