"""The menu More ways: what can be done with a bounce besides its own buttons."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.theme import set_icon

_MORNING = time(9)


class MoreWays(QToolButton):
    """Only offers what works now."""

    done_chosen = Signal()
    put_back_chosen = Signal()
    snooze_chosen = Signal(object)  # until: datetime, aware
    steps_chosen = Signal()
    reason_chosen = Signal()
    questions_chosen = Signal()
    it_note_chosen = Signal()
    save_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("More ways"))
        self.setProperty("kind", "outlined")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._put_arrow_behind()
        set_icon(self, "chevron-down")
        menu = QMenu(self)
        self._done = menu.addAction(self.tr("Mark done"), self.done_chosen.emit)
        self._back = menu.addAction(self.tr("Put back"), self.put_back_chosen.emit)
        menu.addSeparator()
        for text, days in (
            (self.tr("Snooze until tomorrow"), 1),
            (self.tr("Snooze for 3 days"), 3),
            (self.tr("Snooze until next week"), 7),
        ):
            menu.addAction(text, partial(self._on_snooze, days))
        menu.addSeparator()
        menu.addAction(self.tr("Show the steps..."), self.steps_chosen.emit)
        menu.addAction(self.tr("Choose a different reason..."), self.reason_chosen.emit)
        menu.addAction(self.tr("Help me work it out..."), self.questions_chosen.emit)
        menu.addSeparator()
        menu.addAction(self.tr("Copy this for your IT person"), self.it_note_chosen.emit)
        self._save = menu.addAction(self.tr("Save a copy..."), self.save_chosen.emit)
        self.setMenu(menu)

    def show_state(self, state: CaseState, *, is_batch: bool = False) -> None:
        """Offer what fits where the case stands."""
        self._done.setVisible(state is not CaseState.DONE)
        self._done.setText(self.tr("Mark all done") if is_batch else self.tr("Mark done"))
        self._back.setVisible(state is not CaseState.NEEDS_YOU)
        self._save.setVisible(not is_batch)

    def _on_snooze(self, days: int) -> None:
        self.snooze_chosen.emit(morning_in(days))

    def _put_arrow_behind(self) -> None:
        runs_left = QCoreApplication.instance() is not None and self.isRightToLeft()
        self.setLayoutDirection(
            Qt.LayoutDirection.LeftToRight if runs_left else Qt.LayoutDirection.RightToLeft
        )


def morning_in(days: int) -> datetime:
    """Return nine o'clock, local time, so many days from today; aware, UTC."""
    today = datetime.now().astimezone().date()
    return datetime.combine(today + timedelta(days=days), _MORNING).astimezone(UTC)
