"""The toolbar: check, add, resolve, search; and the bar that replaces it for several rows."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from bounce_assistant.ui import theme
from bounce_assistant.ui.theme import GAP_8, GAP_16

_CLEAR = "_q_qlineeditclearaction"  # what Qt calls it
_TYPING_PAUSE = 150  # milliseconds without a key before the search runs
_SEARCH_WIDTH = 30  # letters


class Toolbar(QStackedWidget):
    """Two bars in one place: the usual one, and one for several selected rows."""

    search_changed = Signal(str)

    def __init__(self, *, check: QAction, add: QAction, resolve: QMenu) -> None:
        super().__init__()
        self.check_button = _action_button(check)
        self.add_button = _action_button(add)
        self.resolve_button = _menu_button(self.tr("Resolve"), resolve)
        self.search = self._search_field()
        usual = QWidget()
        row = _row(usual)
        for button in (self.check_button, self.add_button, self.resolve_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.search, 2)
        self.bulk = BulkBar()
        self.addWidget(usual)
        self.addWidget(self.bulk)
        self.setFixedHeight(self.sizeHint().height())

    def show_selected(self, count: int) -> None:
        """Show the bulk bar for two rows or more, the usual bar otherwise."""
        if count > 1:
            self.bulk.show_count(count)
        self.setCurrentIndex(1 if count > 1 else 0)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(self.tr("Search"))
        field.setPlaceholderText(self.tr("Search"))
        field.setToolTip(self.tr("Search names, addresses, subjects and reasons (Ctrl+F)"))
        field.setClearButtonEnabled(True)
        field.setAcceptDrops(False)  # files dropped on it are for the window
        field.setMaximumWidth(field.fontMetrics().averageCharWidth() * _SEARCH_WIDTH * 2)
        glass = QAction(field)
        theme.set_icon(glass, "search", QPalette.ColorRole.PlaceholderText)
        glass.setText(self.tr("Go to the search"))  # Qt makes a button of it, which needs a name
        glass.triggered.connect(field.setFocus)
        field.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        for clear in field.findChildren(QAction, _CLEAR):
            clear.setText(self.tr("Clear search"))
            theme.set_icon(clear, "close")  # Qt's own is black, also in the dark
        pause = QTimer(field, singleShot=True, interval=_TYPING_PAUSE)
        pause.timeout.connect(lambda: self.search_changed.emit(field.text().strip()))
        field.textChanged.connect(lambda _text: pause.start())
        field.returnPressed.connect(pause.timeout)
        return field


class BulkBar(QWidget):
    """What can be done with several rows at once."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label = QLabel()
        self.done_button = QPushButton(self.tr("Mark done"))
        self.snooze_button = _menu_button(self.tr("Snooze"), QMenu(self))
        self.reason_button = _menu_button(self.tr("Change reason"), QMenu(self))
        self.send_button = QPushButton(self.tr("Send again..."))
        self.export_button = QPushButton(self.tr("Export"))
        clear = theme.link_button(QPushButton(self.tr("Clear selection")))
        clear.clicked.connect(self.cleared)
        row = _row(self)
        row.addWidget(self._label)
        row.addSpacing(GAP_8)
        for button in (
            self.done_button,
            self.snooze_button,
            self.reason_button,
            self.send_button,
            self.export_button,
        ):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(clear)

    def show_count(self, count: int) -> None:
        self._label.setText(self.tr("%n selected", "", count))

    @property
    def text(self) -> str:
        return self._label.text()

    def set_menus(self, snooze: Callable[[QMenu], None], reasons: Callable[[QMenu], None]) -> None:
        """Have the menus filled by these each time they open."""
        for button, fill in ((self.snooze_button, snooze), (self.reason_button, reasons)):
            menu = button.menu()
            menu.aboutToShow.connect(lambda menu=menu, fill=fill: fill(menu))


def _row(bar: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(bar)
    row.setContentsMargins(GAP_16, GAP_8, GAP_16, GAP_8)
    row.setSpacing(GAP_8)
    return row


def _action_button(action: QAction) -> QPushButton:
    """Return a button that does what a menu entry does, under the same name."""
    button = QPushButton(action.text().replace("&", ""))
    button.setToolTip(f"{button.text()} ({action.shortcut().toString()})")
    theme.set_icon(button, str(action.property("iconName")))
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button


def _menu_button(text: str, menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setProperty("kind", "outlined")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(menu)
    theme.set_icon(button, "chevron-down")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    right, left = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
    button.setLayoutDirection(left if button.layoutDirection() == right else right)  # arrow last
    return button
