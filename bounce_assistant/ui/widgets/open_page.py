"""Opens a web page, but only after showing where it leads."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.plain import displayable, host_of
from bounce_assistant.ui.widgets.words import Title, Words, fit_height


class OpenPageDialog(QDialog):
    """Shows the whole address; the button names the place."""

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address = address
        host = displayable(host_of(address))
        self.setWindowTitle(self.tr("Open a web page"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.setSpacing(12)
        rows.addWidget(Title(self.tr("Open {host} in your browser?").format(host=host), scale=1.2))
        rows.addWidget(Words(self.tr("This link leads to:")))
        self.shown = Words(address)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rows.addWidget(self.shown)
        rows.addWidget(Words(self.tr("The page is theirs, and may have changed."), dim=True))
        rows.addSpacing(8)
        self.buttons = QDialogButtonBox(self)
        self.go = MainButton(self.tr("Open {host}").format(host=host))
        cancel = ActionButton(self.tr("Cancel"))
        self.buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        rows.addWidget(self.buttons)
        self.go.setDefault(True)
        self.setMinimumWidth(420)
        fit_height(self, 420)


def open_page(address: str, parent: QWidget) -> None:
    """Ask, showing the address, then open it in the browser. Only web pages are opened."""
    if not host_of(address):
        return
    dialog = OpenPageDialog(address, parent)
    dialog.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
