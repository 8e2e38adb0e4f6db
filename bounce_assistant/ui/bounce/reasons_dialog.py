"""Choose a different reason: every cause as words, grouped by badge."""

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import Advice, CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId, Certainty, Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.ui.theme import badge_colours, icon, is_dark
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Title, Words

_LONGEST_WORDS = 140
_ROW = 26  # pixels; large enough to hit
_CAUSE = Qt.ItemDataRole.UserRole
_NO_CHOICE = frozenset({"unsure", "not_a_bounce", "unreadable"})


class ReasonsDialog(QDialog):
    """The answer is ``chosen``; None while nothing fits yet."""

    def __init__(
        self,
        advices: Mapping[CauseId, Advice],
        current: CauseId,
        parent: QWidget | None = None,
        *,
        alike: str = "",
    ) -> None:
        """``alike``: the words that bounces like this are known by; "" offers no rule."""
        super().__init__(parent)
        self._advices = advices
        self.setWindowTitle(self.tr("Choose a different reason"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.setSpacing(12)
        rows.addWidget(Title(self.tr("What really happened?"), scale=1.3))
        rows.addWidget(Words(self.tr("We keep your answer, also when we look at this mail again.")))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(self.tr("Reasons"))
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(24)
        rows.addWidget(self.tree, 1)
        self.sentence = Words(dim=True)
        self.sentence.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        rows.addWidget(self.sentence)
        self.remember = TickBox(self.tr("&Remember this reason for bounces like this"))
        known_by = self.tr("They say: {words}").format(words=one_line(alike, _LONGEST_WORDS))
        self.known_by = Words(known_by, dim=True)
        self.remember.setAccessibleDescription(known_by)
        for part in (self.remember, self.known_by):
            part.setVisible(bool(alike))
            rows.addWidget(part)
        buttons = QDialogButtonBox()
        self.use = MainButton(self.tr("Use this reason"))
        self.use.setEnabled(False)
        buttons.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(ActionButton(self.tr("Cancel")), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        self._fill(current)
        self.tree.currentItemChanged.connect(self._on_current)
        self.tree.itemActivated.connect(self._on_activated)
        self.resize(480, 620)

    @property
    def chosen(self) -> CauseId | None:
        item = self.tree.currentItem()
        cause = item.data(0, _CAUSE) if item else None
        return CauseId(cause) if cause else None

    def _fill(self, current: CauseId) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        dark = is_dark(self.palette())
        for cause, advice in sorted(self._advices.items(), key=_by_group):
            if cause in _NO_CHOICE or cause == current:
                continue
            group = groups.get(advice.group.value)
            if group is None:
                group = groups[advice.group.value] = QTreeWidgetItem(self.tree, [advice.badge])
                colour = badge_colours(advice.group.value, dark=dark).text
                group.setIcon(0, icon(advice.group.value, colour))
                group.setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = group.font(0)
                font.setBold(True)
                group.setFont(0, font)
                group.setExpanded(True)
            item = QTreeWidgetItem(group, [one_line(advice.title)])
            item.setData(0, _CAUSE, cause)
            item.setSizeHint(0, QSize(0, _ROW))

    def _on_activated(self) -> None:
        if self.chosen:
            self.accept()

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        cause = item.data(0, _CAUSE) if item else None
        self.use.setEnabled(cause is not None)
        self.sentence.show_words(self._advices[cause].sentence if cause else "")


def _by_group(entry: tuple[CauseId, Advice]) -> int:
    return list(CauseGroup).index(entry[1].group)


def all_advice(
    diagnosis: Diagnosis, report: BounceReport, handbook: Handbook
) -> dict[CauseId, Advice]:
    """Return every cause as it would read for this bounce."""
    return {
        cause: advise(replace(diagnosis, cause=cause, certainty=Certainty.LIKELY), report, handbook)
        for cause in handbook.playbooks
    }
