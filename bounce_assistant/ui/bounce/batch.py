"""The people of a batch: one diagnosis for all, and each can be opened."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.store.rows import CaseRow
from bounce_assistant.ui.widgets.buttons import ActionButton, LinkButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.words import Title

_AT_ONCE = 50  # rows; a batch of thousands grows by pressing More


class MemberList(QWidget):
    """Name and address, a row each."""

    member_selected = Signal(int)
    done_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._members: Sequence[CaseRow] = ()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        top = QHBoxLayout()
        self.heading = Title(scale=1.1)
        self.done = ActionButton(self.tr("Mark all done"))
        self.done.clicked.connect(self.done_requested)
        top.addWidget(self.heading, 1)
        top.addWidget(self.done)
        rows.addLayout(top)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        rows.addLayout(self._rows)
        self.more = LinkButton()
        self.more.clicked.connect(self._add_rows)
        rows.addWidget(self.more)

    def show_members(self, members: Sequence[CaseRow]) -> None:
        """Draw the first rows of a batch."""
        self._members = members
        clear(self._rows)
        self.heading.show_words(self.tr("{n} people").format(n=len(members)))
        self._add_rows()

    def _add_rows(self) -> None:
        shown = self._rows.count()
        for member in self._members[shown : shown + _AT_ONCE]:
            name = member.name or member.address
            address = member.address if member.address != name else ""
            row = ChoiceRow(name, address, trailing="chevron-right")
            case = int(member.key.case)
            row.clicked.connect(lambda _=False, case=case: self.member_selected.emit(case))
            self._rows.addWidget(row)
        left = len(self._members) - self._rows.count()
        self.more.show_text(self.tr("Show {n} more").format(n=min(left, _AT_ONCE)))
        self.more.setVisible(left > 0)
