"""A part of a page that opens and closes, and remembers which."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from bounce_assistant.ui.theme import set_icon

_INDENT = 26  # pixels: the content stands below the words of its header


class OpenSections:
    """Remembers which sections are open; without settings, for as long as the program runs."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings
        self._states: dict[str, bool] = {}

    def is_open(self, key: str, *, default: bool) -> bool:
        if key not in self._states and self._settings is not None:
            stored = self._settings.value(f"sections/{key}", default, bool)
            self._states[key] = bool(stored)
        return self._states.get(key, default)

    def remember(self, key: str, *, is_open: bool) -> None:
        self._states[key] = is_open
        if self._settings is not None:
            self._settings.setValue(f"sections/{key}", is_open)


class Section(QWidget):
    """A header that opens its content. The content is filled when it is first looked at."""

    def __init__(  # noqa: PLR0913 - each says one thing
        self,
        key: str,
        title: str,
        content: QWidget,
        fill: Callable[[], object],
        remembered: OpenSections,
        *,
        default: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._key, self._title, self._fill, self._remembered = key, title, fill, remembered
        self.content = content
        self._is_stale = False
        self.header = QToolButton(self)
        self.header.setProperty("kind", "quiet")
        self.header.setText(title)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header.setCheckable(True)
        font = self.header.font()
        font.setBold(True)
        self.header.setFont(font)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addWidget(self.header)
        inside = QVBoxLayout()
        inside.setContentsMargins(_INDENT, 0, 0, 8)
        inside.addWidget(content)
        self._rows.addLayout(inside)
        self.header.toggled.connect(self._on_toggled)
        self.set_open(is_open=remembered.is_open(key, default=default))

    @property
    def is_open(self) -> bool:
        return self.header.isChecked()

    def set_open(self, *, is_open: bool) -> None:
        """Open or close, without remembering it."""
        self.header.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.header.setChecked(is_open)
        self.header.blockSignals(False)  # noqa: FBT003 - Qt's own signature
        self._show()

    def refill(self) -> None:
        """Take note that there is something new to show."""
        self._is_stale = True
        self._show()

    def _on_toggled(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._remembered.remember(self._key, is_open=is_open)
        self._show()

    def _show(self) -> None:
        if self.is_open and self._is_stale:
            self._is_stale = False
            self._fill()
            self.content.updateGeometry()  # the layouts around it remember its last height
            self.updateGeometry()
        self.content.setVisible(self.is_open)
        set_icon(self.header, "chevron-down" if self.is_open else "chevron-right")
        # Open, the words of the title are the name of what it holds: say what a press would do.
        lowered = self._title[:1].lower() + self._title[1:]
        hide = self.tr("Hide {part}").format(part=lowered)
        self.header.setAccessibleName(hide if self.is_open else self._title)
