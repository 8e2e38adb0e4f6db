"""The main window: builds its parts and answers when one of them reports something."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.store.rows import AccountId, CaseId, CaseQuery, CaseRow, MessageId, RowKey
from bounce_assistant.ui import theme
from bounce_assistant.ui.dialogs import Dialogs
from bounce_assistant.ui.fault import FaultWatch
from bounce_assistant.ui.frame import Frame
from bounce_assistant.ui.inbox.acting import Acting
from bounce_assistant.ui.inbox.adding import Adding
from bounce_assistant.ui.inbox.bands import Band
from bounce_assistant.ui.inbox.checking import Check, CheckOutcome
from bounce_assistant.ui.inbox.checks import Checks
from bounce_assistant.ui.inbox.drop_overlay import DropOverlay
from bounce_assistant.ui.inbox.incoming import Incoming
from bounce_assistant.ui.inbox.reading import Reading
from bounce_assistant.ui.inbox.rereading import Rereading
from bounce_assistant.ui.inbox.status import Status, last_check, what_stops
from bounce_assistant.ui.inbox.toast import Toast
from bounce_assistant.ui.inbox.watching import Watching
from bounce_assistant.ui.memory import WindowMemory
from bounce_assistant.ui.menus import Commands, fill_menu_bar, fill_resolve_menu
from bounce_assistant.ui.paper.exporting import Exporting
from bounce_assistant.ui.presence import Presence
from bounce_assistant.ui.sending.fixing import Fixing
from bounce_assistant.ui.sending.sender import Sending
from bounce_assistant.ui.shell import FIRST_SIZE
from bounce_assistant.ui.surroundings import Surroundings
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.views import Views
from bounce_assistant.ui.wiring import connect_commands, connect_parts

_MINUTE = 60_000  # milliseconds
LEAST_SIZE = (640, 440)


class MainWindow(QMainWindow):
    """Built from a desk; closes its store with itself, when the threads have ended."""

    own_mail_requested = Signal()  # from the sample mail: leave it and connect an account
    sample_requested = Signal()

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        *,
        files: Sequence[str] = (),
        check: Check | None = None,
    ) -> None:
        super().__init__()
        self._desk, self._tasks = desk, tasks
        self._is_first_awaited = False  # of a new account: it is opened as soon as it is there
        self.memory = WindowMemory()
        self.commands = Commands(self)
        self.reasons = QMenu(self.tr("&Change reason"), self)
        self._resolve = QMenu(self)
        fill_resolve_menu(self._resolve, self.commands, self.reasons)
        self.frame = Frame(desk, tasks, self.memory, self.commands, self._resolve)
        self.setCentralWidget(self.frame)
        fill_menu_bar(self, self.commands, self.reasons)
        self.views = Views(desk, self.frame)
        self.acting = Acting(desk.cases, desk.knowledge.handbook, self)
        self.reading = Reading(desk.cases, tasks, self.frame.pane, self)
        adding = Adding(desk, tasks, self.frame.add_panel, self)
        self.incoming = Incoming(adding, self.frame.bands, self)
        self.checks = Checks(desk, tasks, self.frame, self.commands, check)
        self.surroundings = Surroundings(self)
        self.watching = Watching(desk, tasks, self.surroundings, self)
        self.presence = Presence(self, desk, self.watching, self.frame.bands)
        self.dialogs = Dialogs(self, desk, tasks)
        self.exporting = Exporting(self, desk, tasks)
        self.fixing = Fixing(self, desk, tasks)
        self.sending = Sending(desk, tasks, self.frame.bands, self)
        self.frame.pane.case_page.original.can_find = self._has_sent
        self.frame.model.tell_standing(lambda case: self.fixing.standing(case).words)
        self.faults = FaultWatch(self, self.show_problem)
        self.status = Status(self.statusBar())
        self.toast = Toast(self)
        self.overlay = DropOverlay(self)
        self.setAcceptDrops(True)
        connect_commands(self)
        connect_parts(self)
        tasks.failed.connect(self.faults.show)
        self._restore()
        self._heed_surroundings()
        self.refresh()
        self.frame.sidebar.choose(CaseQuery())
        self.frame.rows.pick_first_bounce()
        self.frame.rows.setFocus()
        self._minute = QTimer(self, interval=_MINUTE)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        self.checks.show_kept_problems(with_offline=not self.surroundings.is_online)
        if not desk.is_sample and desk.cases.is_outdated():
            again = Rereading(desk.cases, tasks, self.frame.again_panel, self)
            again.finished.connect(self.refresh)
        self.watching.refresh()
        if files:
            self.incoming.add_paths(tuple(files))

    # --- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Draw list, counts and words as they are in the store now."""
        accounts = self._desk.accounts.list()
        counts = self._desk.cases.counts()
        pairs = [(AccountId(account.id), account.email) for account in accounts]
        self.frame.sidebar_model.show(counts, pairs, what_stops(self._desk))
        self.frame.rows.refresh()
        self.views.show_rows_or_words()
        self._open_first()
        total = counts.needs_you + counts.waiting + counts.done
        self.frame.show_start(is_first=not accounts and not total and not self._desk.is_sample)
        self._show_status()
        self.presence.refresh(self.status.text)

    def picked(self) -> list[CaseRow]:
        return self.frame.rows.picked()

    def show_problem(self, problem: AppError) -> None:
        """Say what could not be done, in the layout and not on top of it."""
        self.frame.bands.show_band("problem", Band("later", "unsure", str(problem), can_close=True))

    def _show_status(self) -> None:
        self.status.show_check(
            last_check(self._desk),
            is_sample=self._desk.is_sample,
            is_paused=self.watching.is_paused,
        )

    def _open_first(self) -> None:
        if self._is_first_awaited and self.frame.model.rowCount():
            self._is_first_awaited = False
            self.frame.rows.pick_first_bounce()
            self.frame.rows.setFocus()

    # --- what the user does --------------------------------------------------------------------

    def show_picked(self, rows: list[CaseRow]) -> None:
        self.frame.toolbar.show_selected(len(rows))
        self.reading.show(rows)
        self.commands.show_picked(rows, has_raw=False)

    def undo(self) -> None:
        """Call back what is just being sent, else take back the last act."""
        if self.sending.is_undoable:
            self.sending.undo()
        else:
            self.acting.undo()

    def start_flow(self, flow: str, hours: float) -> None:
        """Begin the fix that the card or a step offers."""
        case = self.frame.pane.case
        if case is None:
            return
        if flow == "mailing":
            self._show_mailing(case)
        elif flow == "sign_in":
            self._sign_in_for(case)
        else:
            self.fixing.start(case, flow, hours)

    def find_original(self) -> None:
        pane = self.frame.pane
        if pane.case is not None:
            self.fixing.find_original(pane.case, pane.case_page.original)

    def act_on_standing(self, what: str) -> None:
        if self.frame.pane.case is not None:
            self.fixing.act(self.frame.pane.case, what)

    def send_picked_again(self) -> None:
        """Review an email for everybody who is picked, or go the way of a single one."""
        cases = self.acting.cases_of(self.picked())
        if len(cases) == 1:
            self.start_flow("send_again", 0)
        elif cases:
            self.fixing.start_group(cases)

    def show_changed(self) -> None:
        """Draw rows and card anew: messages have moved on."""
        self.refresh()
        self._show_standing()

    def on_case_opened(self) -> None:
        self._show_standing()
        self.frame.model.reload()
        self.commands.show_picked(self.picked(), has_raw=True)

    def on_acted(self, sentence: str) -> None:
        self.refresh()
        self.reading.show(self.picked(), again=True)
        self.toast.show_words(sentence, can_undo=True)

    def on_undone(self, sentence: str) -> None:
        self.refresh()
        self.reading.show(self.picked(), again=True)
        self.toast.show_words(sentence or self.tr("There is nothing to undo."), can_undo=False)

    def choose_snooze(self) -> None:
        menu = QMenu(self)
        self.acting.fill_snooze_menu(menu, self.picked)
        rows = self.frame.rows
        corner = rows.visualRect(rows.currentIndex()).bottomLeft()
        menu.popup(rows.viewport().mapToGlobal(corner))
        menu.setActiveAction(menu.actions()[0])

    def on_cause_chosen(self, cause: str) -> None:
        rows = self.picked()
        if rows and self.frame.pane.case is not None:
            self.acting.choose_cause(rows, CauseId(cause))

    def help(self) -> None:
        is_first = self.frame.is_start_shown
        self.dialogs.help("1-getting-started" if is_first else "2-reading-a-diagnosis")

    def show_case_anywhere(self, case: int) -> None:
        """Pick a case in whichever view holds it."""
        row = self._desk.cases.look_at(CaseId(case)).row
        self.views.choose(CaseQuery(state=row.state))
        self.frame.rows.pick_case(CaseId(case))

    def _show_mailing(self, case: OpenCase) -> None:
        """Show everybody whose copy of this email came back: a row each, in all views."""
        self.views.show_mailing(case.id, case.row.subject)
        self.frame.rows.pick_first_bounce()
        self.frame.rows.setFocus()

    def _sign_in_for(self, case: OpenCase) -> None:
        """Sign in to the account that refused; say how, where it isn't connected here."""
        original = case.report.original
        emails = (case.account, original.sender if original else "")
        found = (self._desk.accounts.find(email) for email in emails if email)
        account = next((one for one in found if one is not None), None)
        if account is None:
            self.frame.pane.show_steps("browser")
        else:
            self.dialogs.sign_in(account)

    def _has_sent(self) -> bool:
        return not self._desk.is_sample and bool(self._desk.accounts.list())

    def _show_standing(self) -> None:
        case = self.frame.pane.case
        if case is not None:
            self.frame.pane.show_standing(self.fixing.standing(case.id))

    def export_picked(self) -> None:
        """Show the report of the picked rows, everybody of a folded one."""
        self.exporting.show_cases([RowKey(case) for case in self.acting.cases_of(self.picked())])

    def print_case(self) -> None:
        if self.frame.pane.case is not None:
            self.exporting.show_case(self.frame.pane.case)

    def connect_mail(self) -> None:
        if self._desk.is_sample:
            self.own_mail_requested.emit()
        else:
            self.dialogs.add_account()

    def on_account_added(self) -> None:
        self._is_first_awaited = not self.picked()
        self.refresh()
        self.checks.start()
        self.watching.refresh()
        self.presence.ask_about_watching()

    def show_new(self, messages: Sequence[MessageId]) -> None:
        """Show what has just bounced to somebody who clicked the notice about it."""
        self.presence.open()
        self.frame.sidebar.choose(CaseQuery())
        if not self.frame.rows.pick_first_of(self._desk.cases.of_messages(messages)):
            self.frame.rows.pick_first_bounce()
        self.frame.rows.setFocus()

    def on_watch_changed(self) -> None:
        self.watching.refresh()
        self.refresh()

    def on_surroundings_changed(self) -> None:
        self._heed_surroundings()
        if self.surroundings.is_online:
            self.checks.resume()
        self.refresh()

    def _heed_surroundings(self) -> None:
        self.checks.may_resume = not self.surroundings.is_metered
        self.status.is_offline = not self.surroundings.is_online or self.checks.is_offline

    # --- checking and adding -------------------------------------------------------------------

    def on_checked(self, outcome: CheckOutcome) -> None:
        if outcome.is_complete:
            self.views.days = outcome.days
        if outcome.was_stopped:
            one, many = self.tr("1 bounce"), self.tr("%n bounces", "", outcome.found)
            kept = one if outcome.found == 1 else many
            self.toast.show_words(self.tr("Stopped. %1 kept.").replace("%1", kept), can_undo=False)
        self.presence.tell(outcome)
        self.status.is_offline = self.checks.is_offline
        self.refresh()
        if outcome.found and not self.picked():  # the first bounces there are: show one
            self.frame.rows.pick_first_bounce()

    def on_account_checked(self, result: CheckResult) -> None:
        if result.read_again:
            one = self.tr("The mail that was passed over could be read now.")
            many = self.tr(
                "%n mails that were passed over could be read now.", "", result.read_again
            )
            self.toast.show_words(one if result.read_again == 1 else many, can_undo=False)

    def on_cases_added(self, cases: list[CaseId]) -> None:
        if cases:
            self.frame.sidebar.choose(CaseQuery())
            self.refresh()
            self.frame.rows.pick_case(cases[0])
            self.frame.rows.setFocus()

    def on_adding_stopped(self) -> None:
        self.refresh()
        self.toast.show_words(self.tr("Stopped. What was read is kept."), can_undo=False)

    def _on_minute(self) -> None:
        if self._desk.cases.wake():
            self.refresh()
        self.frame.rows.viewport().update()

    # --- dropping, pasting, focus --------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.overlay.show_for(event.mimeData())
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        event.acceptProposedAction()
        self.incoming.take(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._minute.stop()
        self.presence.end()
        self.sending.stop()
        self.memory.keep_bytes("geometry", self.window().saveGeometry())
        self.memory.look = theme.chosen_look().value
        self.frame.panes.keep()
        self._tasks.stop()
        self._desk.store.close()
        super().closeEvent(event)

    def paste(self) -> None:
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.paste()
        else:
            self.incoming.paste()

    def choose_look(self, look: theme.Look) -> None:
        settings = self._desk.store.settings
        settings.save(replace(settings.load(), theme=look.value))
        theme.apply_look(look)

    def open_context_menu(self, place: QPoint) -> None:
        if self.picked():
            self._resolve.popup(self.frame.rows.viewport().mapToGlobal(place))

    def on_settings_closed(self) -> None:
        self.commands.show_look(theme.chosen_look())
        self.checks.forget_removed()
        self.watching.refresh()
        self.refresh()

    def _restore(self) -> None:
        if not self.restoreGeometry(self.memory.bytes_of("geometry")):
            self.resize(*FIRST_SIZE)
        self.setMinimumSize(*LEAST_SIZE)
        self.commands.show_look(theme.chosen_look())
        if self._desk.is_sample:
            self.frame.show_sample_band(self.own_mail_requested.emit)
        if self._desk.intake is not None:
            self.incoming.show_unread(self._desk.intake)
