"""When should it go? Now, or at a time that suits what went wrong."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal

from bounce_assistant.services.standing import day_and_hour
from bounce_assistant.ui.models.times import snooze_until
from bounce_assistant.ui.sending.wizard_page import Choices, WizardPage
from bounce_assistant.ui.widgets.choice_row import ChoiceRow

_MORNINGS = (1, 2, 3, 5, 10)  # days from today


class TimePage(WizardPage):
    """Every row names its day and hour."""

    chosen = Signal(object)  # datetime, aware; None for now

    def __init__(self) -> None:
        super().__init__(
            self.tr("When should it go?"),
            self.tr("Later ones go while this program is open; a missed time is told you first."),
        )
        self.choices = Choices()
        self.rows.addWidget(self.choices)
        self.rows.addStretch()

    def show_time(self, due_at: datetime | None) -> None:
        """Mark what is chosen so far."""
        now = datetime.now(UTC)
        times: list[tuple[str, datetime | None]] = [(self.tr("Now"), None)]
        times.append((self.tr("In 4 hours"), now + timedelta(hours=4)))
        names = [self.tr("Tomorrow"), self.tr("In 2 days"), self.tr("In 3 days")]
        names += [self.tr("In 5 days"), self.tr("In 10 days")]
        times += [(name, snooze_until(d, now)) for name, d in zip(names, _MORNINGS, strict=True)]
        rows = []
        for name, when in times:
            undo = self.tr("With 10 seconds to undo")
            row = ChoiceRow(name, day_and_hour(when, now) if when else undo, is_choice=True)
            row.setChecked(when == due_at)
            row.clicked.connect(lambda _=False, w=when: self.chosen.emit(w))
            rows.append(row)
        self.choices.show_rows(rows)

    def focus_first(self) -> None:
        if self.choices.rows:
            self.choices.rows[0].setFocus()


def in_hours(hours: float) -> datetime:
    """Return when to try again: so many hours from now, or nine in the morning after days."""
    now = datetime.now(UTC)
    return snooze_until(round(hours / 24), now) if hours >= 24 else now + timedelta(hours=hours)  # noqa: PLR2004 - a day
