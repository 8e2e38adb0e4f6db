"""The main window: toolbar, bands, three panes, and the wires between them."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.rows import AccountId, CaseId, CaseQuery, CaseRow, CaseState
from bounce_assistant.ui import theme
from bounce_assistant.ui.dialogs import Dialogs
from bounce_assistant.ui.fault import FaultWatch
from bounce_assistant.ui.frame import Frame
from bounce_assistant.ui.inbox.acting import Acting
from bounce_assistant.ui.inbox.adding import Adding
from bounce_assistant.ui.inbox.bands import Band
from bounce_assistant.ui.inbox.checking import Check, CheckOutcome, check_with
from bounce_assistant.ui.inbox.checks import Checks
from bounce_assistant.ui.inbox.drop_overlay import DropOverlay
from bounce_assistant.ui.inbox.empty_state import Situation, explain_emptiness
from bounce_assistant.ui.inbox.incoming import Incoming
from bounce_assistant.ui.inbox.reading import Reading
from bounce_assistant.ui.inbox.rereading import Rereading
from bounce_assistant.ui.inbox.status import Status, last_check, last_problems
from bounce_assistant.ui.inbox.toast import Toast
from bounce_assistant.ui.memory import WindowMemory
from bounce_assistant.ui.menus import Commands, fill_menu_bar, fill_resolve_menu
from bounce_assistant.ui.models.sidebar_model import Entry
from bounce_assistant.ui.shell import FIRST_SIZE
from bounce_assistant.ui.tasks import TaskRunner

_MINUTE, _FURTHER = 60_000, 90  # milliseconds; days to look back when 30 brought nothing
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
        self._search = ""
        self._entry_query = CaseQuery()
        self._days: int | None = None
        self._is_first_awaited = False  # of a new account: it is opened as soon as it is there
        self.memory = WindowMemory()
        self.commands = Commands(self)
        self.reasons = QMenu(self.tr("&Change reason"), self)
        self._resolve = QMenu(self)
        fill_resolve_menu(self._resolve, self.commands, self.reasons)
        self.frame = Frame(desk, tasks, self.memory, self.commands, self._resolve)
        self.setCentralWidget(self.frame)
        fill_menu_bar(self, self.commands, self.reasons)
        self.acting = Acting(desk.cases, desk.knowledge.handbook, self)
        self.reading = Reading(desk.cases, tasks, self.frame.pane, self)
        adding = Adding(desk, tasks, self.frame.add_panel, self)
        self.incoming = Incoming(adding, self.frame.bands, self)
        self.checks = Checks(desk, tasks, self.frame, self.commands, check or check_with(desk))
        self.dialogs = Dialogs(self, desk, tasks)
        self.faults = FaultWatch(self, self.show_problem)
        self.status = Status(self.statusBar())
        self.toast = Toast(self)
        self.overlay = DropOverlay(self)
        self.setAcceptDrops(True)
        self._connect_commands()
        self._connect_parts()
        self._restore()
        self.refresh()
        self.frame.sidebar.choose(CaseQuery())
        self.frame.rows.pick_first_bounce()
        self.frame.rows.setFocus()
        self._minute = QTimer(self, interval=_MINUTE)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        self.frame.show_problems(last_problems(desk), again=self.checks.start)
        if not desk.is_sample and desk.cases.is_outdated():
            again = Rereading(desk.cases, tasks, self.frame.again_panel, self)
            again.finished.connect(self.refresh)
        if files:
            self.incoming.add_paths(tuple(files))

    # --- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Draw list, counts and words as they are in the store now."""
        accounts = self._desk.accounts.list()
        counts = self._desk.cases.counts()
        pairs = [(AccountId(account.id), account.email) for account in accounts]
        self.frame.sidebar_model.show(counts, pairs)
        self.frame.rows.refresh()
        self._show_words_or_rows()
        self._open_first()
        total = counts.needs_you + counts.waiting + counts.done
        self.frame.show_start(is_first=not accounts and not total and not self._desk.is_sample)
        self.status.show_check(last_check(self._desk), is_sample=self._desk.is_sample)

    def picked(self) -> list[CaseRow]:
        return self.frame.rows.picked()

    def show_problem(self, problem: AppError) -> None:
        """Say what could not be done, in the layout and not on top of it."""
        self.frame.bands.show_band("problem", Band("later", "unsure", str(problem), can_close=True))

    def _open_first(self) -> None:
        if self._is_first_awaited and self.frame.model.rowCount():
            self._is_first_awaited = False
            self.frame.rows.pick_first_bounce()
            self.frame.rows.setFocus()

    def _show_query(self) -> None:
        query = replace(
            self._entry_query,
            search=self._search,
            state=None if self._search else self._entry_query.state,
            order=self.frame.model.query.order,
            descending=self.frame.model.query.descending,
        )
        self.frame.rows.show_query(query)
        self._show_words_or_rows()

    def _show_words_or_rows(self) -> None:
        if self.frame.model.rowCount():
            self.frame.list_pane.show_rows()
            return
        check = last_check(self._desk)
        situation = Situation(
            query=self.frame.model.query,
            counts=self._desk.cases.counts(),
            has_account=bool(self._desk.accounts.list()),
            looked_at=check[1] if check else None,
            days=self._days or 30,
        )
        self.frame.list_pane.show_emptiness(explain_emptiness(situation), is_main=True)

    # --- what the user does --------------------------------------------------------------------

    def _on_view_chosen(self, entry: Entry) -> None:
        if entry.query is None:
            return
        self._entry_query = entry.query
        self.setWindowTitle(f"Bounce Assistant - {entry.title}")
        self.frame.toolbar.search.blockSignals(True)  # noqa: FBT003 -- Qt's own signature
        self.frame.toolbar.search.clear()
        self.frame.toolbar.search.blockSignals(False)  # noqa: FBT003 -- Qt's own signature
        self._search = ""
        self._show_query()

    def _on_search(self, words: str) -> None:
        if words != self._search:
            self._search = words
            self._show_query()

    def _on_rows_picked(self, rows: list[CaseRow]) -> None:
        self.frame.toolbar.show_selected(len(rows))
        self.reading.show(rows)
        self.commands.show_picked(rows, has_raw=False)

    def _on_case_opened(self) -> None:
        self.frame.model.reload()
        self.commands.show_picked(self.picked(), has_raw=True)

    def _on_acted(self, sentence: str) -> None:
        self.refresh()
        self.reading.show(self.picked(), again=True)
        self.toast.show_words(sentence, can_undo=True)

    def _on_undone(self, sentence: str) -> None:
        self.refresh()
        self.reading.show(self.picked(), again=True)
        self.toast.show_words(sentence or self.tr("There is nothing to undo."), can_undo=False)

    def _on_snooze_key(self) -> None:
        menu = QMenu(self)
        self.acting.fill_snooze_menu(menu, self.picked)
        rows = self.frame.rows
        corner = rows.visualRect(rows.currentIndex()).bottomLeft()
        menu.popup(rows.viewport().mapToGlobal(corner))
        menu.setActiveAction(menu.actions()[0])

    def _on_cause_chosen(self, cause: str) -> None:
        rows = self.picked()
        if rows and self.frame.pane.case is not None:
            self.acting.choose_cause(rows, CauseId(cause))

    def _on_help(self) -> None:
        is_first = self.frame.is_start_shown
        self.dialogs.help("1-getting-started" if is_first else "2-reading-a-diagnosis")

    def _on_empty_act(self, act: str) -> None:
        views = {
            "see_waiting": CaseQuery(state=CaseState.WAITING),
            "see_done": CaseQuery(state=CaseState.DONE),
            "see_needs_you": CaseQuery(),
            "clear_filters": CaseQuery(),
        }
        if act in views:
            self.frame.sidebar.choose(views[act])
        elif act == "clear_search":
            self.frame.toolbar.search.clear()
            self._on_search("")
        elif act == "connect":
            self._on_connect()
        else:
            self.checks.start(_FURTHER if act == "look_further" else None)

    def _on_connect(self) -> None:
        if self._desk.is_sample:
            self.own_mail_requested.emit()
        else:
            self.dialogs.add_account()

    def _on_account_added(self) -> None:
        self._is_first_awaited = not self.picked()
        self.refresh()
        self.checks.start()

    # --- checking and adding -------------------------------------------------------------------

    def _on_checked(self, outcome: CheckOutcome) -> None:
        if outcome.is_complete:
            self._days = outcome.days
        if outcome.was_stopped:
            one, many = self.tr("1 bounce"), self.tr("%n bounces", "", outcome.found)
            kept = one if outcome.found == 1 else many
            self.toast.show_words(self.tr("Stopped. %1 kept.").replace("%1", kept), can_undo=False)
        self.status.is_offline = self.frame.bands.band("offline") is not None
        self.refresh()

    def _on_cases_added(self, cases: list[CaseId]) -> None:
        if cases:
            self.frame.sidebar.choose(CaseQuery())
            self.refresh()
            self.frame.rows.pick_case(cases[0])
            self.frame.rows.setFocus()

    def _on_adding_stopped(self) -> None:
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
        self.memory.keep_bytes("geometry", self.window().saveGeometry())
        self.memory.look = theme.chosen_look().value
        self.frame.panes.keep()
        self._tasks.stop()
        self._desk.store.close()
        super().closeEvent(event)

    def _on_paste(self) -> None:
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.paste()
        else:
            self.incoming.paste()

    def _on_sort(self, key: str) -> None:
        order, _, oldest = key.partition("-")
        query = replace(
            self.frame.model.query, order=order, descending=order == "when" and not oldest
        )
        self.frame.rows.show_query(query)

    def _on_look(self, look: theme.Look) -> None:
        settings = self._desk.store.settings
        settings.save(replace(settings.load(), theme=look.value))
        theme.apply_look(look)

    def _on_context_menu(self, place: QPoint) -> None:
        if self.picked():
            self._resolve.popup(self.frame.rows.viewport().mapToGlobal(place))

    def _on_settings_closed(self) -> None:
        self.commands.show_look(theme.chosen_look())
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

    # --- wires ---------------------------------------------------------------------------------

    def _connect_commands(self) -> None:
        c, pane = self.commands, self.frame.pane
        acts = {
            c.add: lambda: self.incoming.add_paths(self.dialogs.files()),
            c.paste_now: self.incoming.paste_now,
            c.connect_mail: self._on_connect,
            c.quit: lambda: self.window().close(),
            c.undo: self.acting.undo,
            c.paste: self._on_paste,
            c.search: self.frame.toolbar.search.setFocus,
            c.needs_you: lambda: self.frame.sidebar.choose(CaseQuery()),
            c.waiting: lambda: self.frame.sidebar.choose(CaseQuery(state=CaseState.WAITING)),
            c.done_view: lambda: self.frame.sidebar.choose(CaseQuery(state=CaseState.DONE)),
            c.next_pane: self.frame.focus_next_pane,
            c.main: pane.press_main_button,
            c.mark_done: lambda: self.acting.mark_done(self.picked()),
            c.snooze: self._on_snooze_key,
            c.reopen: lambda: self.acting.reopen(self.picked()),
            c.raw: pane.show_raw,
            c.check: self.checks.start,
            c.questions: lambda: self.dialogs.questions(pane.case),
            c.settings: self.dialogs.settings,
            c.help: self._on_help,
            c.shortcuts: lambda: self.dialogs.shortcuts(c.all()),
            c.about: self.dialogs.about,
        }
        for action, act in acts.items():
            action.triggered.connect(lambda _=False, act=act: act())
        c.keep_for_list(self.frame.rows)
        c.sorts.triggered.connect(lambda action: self._on_sort(action.data()))
        c.looks.triggered.connect(lambda action: self._on_look(theme.Look(action.data())))
        self.reasons.aboutToShow.connect(
            lambda: self.acting.fill_reason_menu(self.reasons, self.picked)
        )

    def _connect_parts(self) -> None:
        frame, pane = self.frame, self.frame.pane
        frame.sidebar.view_chosen.connect(self._on_view_chosen)
        frame.rows.rows_picked.connect(self._on_rows_picked)
        frame.rows.main_requested.connect(pane.press_main_button)
        frame.rows.customContextMenuRequested.connect(self._on_context_menu)
        frame.toolbar.search_changed.connect(self._on_search)
        frame.list_pane.act_requested.connect(self._on_empty_act)
        frame.connect_requested.connect(self._on_connect)
        frame.sign_in_requested.connect(self.dialogs.sign_in)
        frame.files_requested.connect(self.commands.add.trigger)
        frame.sample_requested.connect(self.sample_requested)
        frame.example_requested.connect(self.incoming.add_words)
        self._connect_bulk_bar()
        pane.case_changed.connect(lambda _case: self.refresh())
        pane.undo_offered.connect(lambda words: self.toast.show_words(words, can_undo=True))
        pane.questions_requested.connect(lambda _case: self.dialogs.questions(pane.case))
        pane.paste_requested.connect(self.incoming.paste)
        pane.member_selected.connect(lambda case: frame.rows.pick_case(CaseId(case)))
        self.reading.case_opened.connect(self._on_case_opened)
        self.acting.acted.connect(self._on_acted)
        self.acting.undone.connect(self._on_undone)
        self.toast.undo_requested.connect(self.acting.undo)
        self.incoming.cases_added.connect(self._on_cases_added)
        self.incoming.stopped.connect(self._on_adding_stopped)
        self.incoming.help_requested.connect(lambda: self.dialogs.help("5-files"))
        self.checks.rows_changed.connect(self.refresh)
        self.checks.account_wanted.connect(self._on_connect)
        self.checks.checked.connect(self._on_checked)
        self.dialogs.account_added.connect(self._on_account_added)
        self.dialogs.signed_in.connect(self.checks.start)
        self.dialogs.own_mail_requested.connect(self.own_mail_requested)
        self.dialogs.settings_closed.connect(self._on_settings_closed)
        self.dialogs.cause_chosen.connect(self._on_cause_chosen)
        self._tasks.failed.connect(self.faults.show)

    def _connect_bulk_bar(self) -> None:
        bulk = self.frame.toolbar.bulk
        bulk.done_button.clicked.connect(lambda: self.acting.mark_done(self.picked()))
        bulk.cleared.connect(self.frame.rows.clearSelection)
        bulk.set_menus(
            lambda menu: self.acting.fill_snooze_menu(menu, self.picked),
            lambda menu: self.acting.fill_reason_menu(menu, self.picked),
        )
