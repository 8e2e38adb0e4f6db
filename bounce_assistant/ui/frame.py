"""What stands in the main window: toolbar, bands, progress, and below them the panes."""

import errno
import socket
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.accounts import provider_of
from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.inbox.bands import Band, BandStack, Button
from bounce_assistant.ui.inbox.list_pane import ListPane
from bounce_assistant.ui.inbox.progress import CheckProgress
from bounce_assistant.ui.inbox.sidebar import Sidebar
from bounce_assistant.ui.inbox.status import stopped_at
from bounce_assistant.ui.inbox.toolbar import Toolbar
from bounce_assistant.ui.memory import WindowMemory
from bounce_assistant.ui.menus import Commands
from bounce_assistant.ui.models.case_list_model import CaseListModel
from bounce_assistant.ui.models.sidebar_model import SidebarModel
from bounce_assistant.ui.models.times import day_of
from bounce_assistant.ui.panes import Panes
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.details import show_details
from bounce_assistant.ui.widgets.open_page import open_page
from bounce_assistant.ui.widgets.section import OpenSections
from bounce_assistant.ui.wizard.start_page import StartPage

# No name server, no network, no route: Linux, Windows (WSA) and the BSDs number them differently.
_NO_WAY_OUT = {
    socket.EAI_AGAIN,
    errno.ENETUNREACH,
    errno.ENETDOWN,
    errno.EHOSTUNREACH,
    *(10050, 10051, 10065, 11002),
}


class Frame(QWidget):
    """Builds and arranges; decides nothing."""

    connect_requested = Signal()
    sign_in_requested = Signal(object)  # Account
    files_requested = Signal()
    sample_requested = Signal()
    example_requested = Signal(str)

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        memory: WindowMemory,
        commands: Commands,
        resolve: QMenu,
    ) -> None:
        super().__init__()
        self._desk = desk
        self.model = CaseListModel(desk.cases, self)
        self.sidebar_model = SidebarModel(self)
        self.toolbar = Toolbar(check=commands.check, add=commands.add, resolve=resolve)
        self.bands = BandStack()
        self.check_panel, self.add_panel = CheckProgress(), CheckProgress()
        self.again_panel = CheckProgress()
        self.sidebar = Sidebar(self.sidebar_model)
        self.list_pane = ListPane(self.model)
        self.rows = self.list_pane.rows
        sections = OpenSections(memory.file)
        handbook = desk.knowledge.handbook
        history = desk.people.history
        self.pane = ReadingPane(desk.cases, handbook, tasks, sections=sections, history=history)
        self.panes = Panes(self.sidebar, self.list_pane, self.pane, memory)
        self._start: StartPage | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.panes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        panels = (self.again_panel, self.check_panel, self.add_panel)
        for widget in (self.toolbar, self.bands, *panels, _line()):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)

    @property
    def is_start_shown(self) -> bool:
        return self._start is not None and self._stack.currentWidget() is self._start

    def show_start(self, *, is_first: bool) -> None:
        """Show the page of the first run, or the panes."""
        self.toolbar.setVisible(not is_first)
        if not is_first:
            self._stack.setCurrentWidget(self.panes)
            return
        if self._start is None:
            self._start = StartPage(with_examples=True)
            self._start.example_requested.connect(self.example_requested)
            self._start.connect_requested.connect(self.connect_requested)
            self._start.drop_requested.connect(self.files_requested)
            self._start.sample_requested.connect(self.sample_requested)
            self._stack.addWidget(self._start)
        self._stack.setCurrentWidget(self._start)

    def show_sample_band(self, connect: Callable[[], object] | None) -> None:
        """Say on top that nothing here is real."""
        words = self.tr("Sample mail - nothing here is real.")
        links: list[Button] = [(self.tr("Connect my email"), connect)] if connect else []
        self.bands.show_band("sample", Band("setup", "mail", words, links))

    def show_problems(
        self,
        problems: Sequence[tuple[Account, AppError]],
        *,
        again: Callable[[], object],
        as_one: bool = True,
    ) -> None:
        """Show a band for each account that could not be checked; ``as_one`` if all are offline."""
        if problems and as_one and all(is_offline(problem) for _account, problem in problems):
            words = self.tr("You're offline. You can still open and diagnose saved emails.")
            band = Band("later", "offline", words, [(self.tr("Try again"), again)], can_close=True)
            self.bands.keep_band("offline", band)
            return
        for account, problem in problems:
            words = f"{account.email}: {problem}"
            ways: list[Button] = [(self.tr("Try again"), again)]
            url = problem.help_url if isinstance(problem, MailServerError) else ""
            if isinstance(problem, MailServerError) and problem.is_for_sign_in:
                stopped = self.tr("We stopped checking {email} on {day}.").format(
                    email=account.email, day=day_of(stopped_at(self._desk, account))
                )
                words = f"{problem.lasting_words} {stopped}"
                ways = [
                    (
                        self._sign_in_words(account, problem),
                        partial(self.sign_in_requested.emit, account),
                    )
                ]
            elif url:
                ways.append((self.tr("Show me how to turn it on"), partial(open_page, url, self)))
            elif isinstance(problem, MailServerError) and problem.technical:
                ways.append((self.tr("Details"), partial(show_details, problem, self)))
            band = Band("address", "account", words, ways, can_close=True)
            self.bands.keep_band(f"account-{account.id}", band)

    def show_unread(
        self, account: Account, words: str, count: int, *, again: Callable[[], object]
    ) -> None:
        """Say of an account which of its mail could not be read; ``count`` of them."""
        one, many = self.tr("Try that mail again"), self.tr("Try those mails again")
        way: Button = (one if count == 1 else many, again)
        band = Band("later", "mail", f"{account.email}: {words}", [way], can_close=True)
        self.bands.show_band(f"unread-{account.id}", band)

    def _sign_in_words(self, account: Account, problem: MailServerError) -> str:
        """Return what the button says: where passwords are off, whose page it leads to."""
        provider = provider_of(account)
        if problem.kind == ProblemKind.PASSWORDS_OFF and provider:
            return self.tr("Sign in with {company}").format(company=provider.company)
        return self.tr("Sign in")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus; by itself Qt does so in dialogs only."""
        button = self.window().focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            button, QAbstractButton
        ):
            button.click()
        else:
            super().keyPressEvent(event)

    def focus_next_pane(self) -> None:
        """Move the keyboard from sidebar to list to reading pane, and round again."""
        panes: list[QWidget] = [self.sidebar, self.list_pane]
        if self.pane.isVisible():
            panes.append(self.pane)
        focus = QApplication.focusWidget()
        inside = [n for n, pane in enumerate(panes) if focus and pane.isAncestorOf(focus)]
        here = 0 if focus is self.sidebar else next(iter(inside), -1)
        self.focus_pane((here + 1) % len(panes))

    def focus_pane(self, number: int) -> None:
        """Move the keyboard to the sidebar, the list or the reading pane: 0, 1, 2."""
        if number == 0:
            self.sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif number == 1:
            shown = self.list_pane.currentWidget()
            target = self.rows if shown is self.rows else self.list_pane.empty.button
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._focus_reading()

    def _focus_reading(self) -> None:
        widgets = [w for w in self.pane.findChildren(QWidget) if w.isVisible()]
        reachable = [w for w in widgets if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        main = [w for w in reachable if w.property("kind") == "main"]
        for target in (main or reachable)[:1]:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "line")
    line.setFixedHeight(1)
    return line


def is_offline(problem: AppError) -> bool:
    """Say whether there was no way out at all: by what the system raised, or as it was kept."""
    if isinstance(problem, MailServerError) and problem.__cause__ is None:
        return problem.kind == ProblemKind.OFFLINE
    return isinstance(problem.__cause__, OSError) and problem.__cause__.errno in _NO_WAY_OUT
