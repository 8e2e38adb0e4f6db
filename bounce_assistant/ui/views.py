"""Which rows the list shows: the view, the search, the order; and words when there are none."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseState
from bounce_assistant.ui.frame import Frame
from bounce_assistant.ui.inbox.empty_state import Obstacle, Situation, explain_emptiness
from bounce_assistant.ui.inbox.status import last_problems, looked_through, stopped_at
from bounce_assistant.ui.models.sidebar_model import Entry
from bounce_assistant.ui.models.times import day_of

_FURTHER = 90  # days to look back when 30 brought nothing


class Views(QObject):
    """Turns what is chosen in sidebar, search box and menus into one query of the list."""

    title_changed = Signal(str)  # of the view: "Needs you"
    connect_requested = Signal()
    sign_in_requested = Signal(object)  # Account
    check_requested = Signal(object)  # days to look back, or None for the usual number

    def __init__(self, desk: Desk, frame: Frame) -> None:
        super().__init__(frame)
        self._desk, self._frame = desk, frame
        self._search = ""
        self._beside: CaseId | None = None  # everybody of its mailing is listed
        self._chosen = CaseQuery()
        self.days: int | None = None  # how far the last complete check looked back
        self.is_checking = False

    def choose(self, query: CaseQuery) -> None:
        """Choose a view as a click in the sidebar does."""
        self._frame.sidebar.choose(query)

    def needs_you(self) -> None:
        self.choose(CaseQuery())

    def waiting(self) -> None:
        self.choose(CaseQuery(state=CaseState.WAITING))

    def done(self) -> None:
        self.choose(CaseQuery(state=CaseState.DONE))

    def show_entry(self, entry: Entry) -> None:
        """Show what an entry of the sidebar stands for; a search ends."""
        if entry.query is None:
            return
        self._chosen = entry.query
        self.title_changed.emit(entry.title)
        self._search, self._beside = "", None
        self._frame.toolbar.search.clear()
        self._show()

    def show_mailing(self, case: CaseId, subject: str) -> None:
        """List everybody whose copy of an email came back; its subject stands in the search box.

        Clearing the box, or typing into it, ends the list.
        """
        words = " ".join(subject.split()) or self.tr("(no subject)")
        self._search, self._beside = words, case
        self._frame.toolbar.search.setText(words)
        self._show()

    def show_checking(self, *, is_checking: bool) -> None:
        """Say in an empty list that a check is under way."""
        self.is_checking = is_checking
        self.show_rows_or_words()

    def search(self, words: str) -> None:
        """Search in all views; no words end the search."""
        if words != self._search:
            self._search, self._beside = words, None
            self._show()

    def sort(self, key: str) -> None:
        """Put the rows in an order: a key of ``Commands.sorts``."""
        order, _, oldest = key.partition("-")
        query = replace(
            self._frame.model.query, order=order, descending=order == "when" and not oldest
        )
        self._frame.rows.show_query(query)

    def show_rows_or_words(self) -> None:
        """Show the list, or the words that stand in its place when it is empty."""
        is_empty = not self._frame.model.rowCount()
        self._frame.panes.show_list_alone(is_alone=is_empty)
        if not is_empty:
            self._frame.list_pane.show_rows()
            return
        problems = last_problems(self._desk)
        situation = Situation(
            query=self._frame.model.query,
            counts=self._desk.cases.counts(),
            has_account=bool(self._desk.accounts.list()),
            looked_at=looked_through(self._desk),
            problem=_words_of(self._desk, problems[0]) if problems else None,
            days=self.days or 30,
            is_checking=self.is_checking,
        )
        self._frame.list_pane.show_emptiness(explain_emptiness(situation), is_main=True)

    def act_on_emptiness(self, act: str) -> None:
        """Do what the button of an empty list says."""
        acts: dict[str, Callable[[], object]] = {
            "see_waiting": self.waiting,
            "see_done": self.done,
            "see_needs_you": self.needs_you,
            "clear_filters": self.needs_you,
            "clear_search": self._clear_search,
            "connect": self.connect_requested.emit,
            "sign_in": self._sign_in,
            "look_further": lambda: self.check_requested.emit(max(_FURTHER, 3 * (self.days or 0))),
        }
        if act in acts:
            acts[act]()
        else:
            self.check_requested.emit(None)

    def _clear_search(self) -> None:
        self._frame.toolbar.search.clear()
        self.search("")

    def _show(self) -> None:
        shown = self._frame.model.query
        query = replace(
            self._chosen,
            search="" if self._beside is not None else self._search,
            beside=self._beside,
            state=None if self._search else self._chosen.state,
            order=shown.order,
            descending=shown.descending,
        )
        self._frame.rows.show_query(query)
        self.show_rows_or_words()

    def _sign_in(self) -> None:
        for account, _problem in last_problems(self._desk)[:1]:
            self.sign_in_requested.emit(account)


def _words_of(desk: Desk, met: tuple[Account, AppError]) -> Obstacle:
    """Say in an empty list why it may be empty."""
    account, problem = met
    kind = problem.kind if isinstance(problem, MailServerError) else None
    is_for_sign_in = isinstance(problem, MailServerError) and problem.is_for_sign_in
    return Obstacle(
        words=str(problem),
        email=account.email,
        day=day_of(stopped_at(desk, account)),
        is_offline=kind == ProblemKind.OFFLINE,
        is_for_sign_in=is_for_sign_in,
    )
