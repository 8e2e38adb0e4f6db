"""A window of pages: Back and the place on top, the page, and the button that leaves it."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.ui.theme import set_icon
from bounce_assistant.ui.widgets.buttons import ActionButton, LinkButton
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.words import Words


class SheetDialog(QDialog):
    """What stands in it is its owner's; Esc and the button at the end leave it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = Words(dim=True)
        self.back, self.leave = LinkButton(self.tr("Back")), ActionButton()
        set_icon(self.back, "back")
        self.leave.clicked.connect(self.reject)

    def hold(self, content: QWidget, *, leave: str, has_way_back: bool = True) -> None:
        """Arrange the window around its content; ``leave`` is the text of the button at the end."""
        self.leave.show_text(leave)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        if has_way_back:
            top = QHBoxLayout()
            top.setContentsMargins(16, 12, 16, 0)
            top.addWidget(self.back)
            top.addWidget(self.place, 1)
            rows.addLayout(top)
        rows.addWidget(content, 1)
        rows.addLayout(end_row(self.leave))
