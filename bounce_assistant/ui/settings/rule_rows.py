"""The rules a person made: what bounces are, and which are hidden; each can be switched off."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.hiding import Hiding
from bounce_assistant.services.job import Job
from bounce_assistant.services.rules import Rules
from bounce_assistant.store.reason_rules import ReasonRule
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.tick_box import TickBox, under_tick
from bounce_assistant.ui.widgets.words import Words

_LONGEST = 200


class RuleRow(QWidget):
    """One rule: the reason given, the words it stands for, since when."""

    def __init__(self, rule: ReasonRule, title: str) -> None:
        super().__init__()
        words = one_line(rule.words, _LONGEST)
        self.box = TickBox(title)
        self.box.setChecked(rule.is_on)
        self.box.setAccessibleDescription(self.tr("For bounces that say: {w}").format(w=words))
        self.remove = LinkButton(self.tr("Remove"))
        self.remove.setAccessibleName(self.tr("Remove the rule {title}").format(title=title))
        since = Words(self.tr("since {day}").format(day=wording.day(rule.made_at)), dim=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(4)
        rows.addWidget(self.box)
        rows.addLayout(under_tick(Words(words, dim=True)))
        end = Flow(gap=16)
        end.addWidget(since)
        end.addWidget(self.remove)
        rows.addLayout(end)


class HiddenRow(QWidget):
    """A cause whose bounces go straight to Done; the tick switches it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.box = TickBox(title)
        self.box.setChecked(True)
        words = self.tr("Hidden: new ones go straight to Done.")
        self.box.setAccessibleDescription(words)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(4)
        rows.addWidget(self.box)
        rows.addLayout(under_tick(Words(words, dim=True)))


class RuleList(Panel):
    """Each switch holds at once, for what is kept and for what comes."""

    changed = Signal()

    def __init__(self, rules: Rules, hiding: Hiding, handbook: Handbook, tasks: TaskRunner) -> None:
        super().__init__()
        self._rules, self._hiding, self._handbook, self._tasks = rules, hiding, handbook, tasks
        self.rule_rows: list[RuleRow] = []
        self.hidden_rows: list[HiddenRow] = []
        self.setAccessibleName(self.tr("Rules"))
        self.refresh()

    def refresh(self) -> None:
        """Draw the rules as they are now."""
        clear(self.rows)
        self.rule_rows = [self._row(rule) for rule in self._rules.all()]
        self.hidden_rows = [self._hidden_row(cause) for cause in self._hiding.causes()]
        for number, row in enumerate((*self.rule_rows, *self.hidden_rows)):
            if number:
                self.rows.addWidget(Line())
            self.rows.addWidget(row)
        if not (self.rule_rows or self.hidden_rows):
            words = self.tr(
                "When you choose a different reason for a bounce, we can remember it for bounces "
                "like it. Such rules are listed here."
            )
            self.rows.addWidget(Words(words, dim=True))

    def _title(self, cause: CauseId) -> str:
        playbook = self._handbook.playbooks.get(cause)
        return wording.plain_title(playbook.title) if playbook else cause

    def _hidden_row(self, cause: CauseId) -> HiddenRow:
        row = HiddenRow(self._title(cause))
        row.box.toggled.connect(lambda on: self._hiding.switch(cause, on=on))
        return row

    def _row(self, rule: ReasonRule) -> RuleRow:
        row = RuleRow(rule, self._title(rule.cause))
        row.box.toggled.connect(
            lambda on: self._run(lambda job: self._rules.switch(rule, job, on=on))
        )
        row.remove.clicked.connect(lambda: self._on_remove(rule))
        return row

    def _on_remove(self, rule: ReasonRule) -> None:
        self._run(lambda job: self._rules.forget(rule, job), then=self.refresh)

    def _run(
        self, work: Callable[[Job], object], *, then: Callable[[], object] = lambda: None
    ) -> None:
        def done(_changed: object) -> None:
            then()
            self.changed.emit()

        self._tasks.run(self, work, done=done)
