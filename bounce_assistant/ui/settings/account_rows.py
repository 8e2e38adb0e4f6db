"""The connected accounts: try the sign-in, remove one, connect another."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.removing import remove_account, remove_when_sent
from bounce_assistant.services.trial import Trial
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.accounts.trial_words import trial_words, trying_words
from bounce_assistant.ui.settings.account_dialogs import (
    ChangeDialog,
    ReadingDialog,
    RemoveDialog,
    ServersDialog,
)
from bounce_assistant.ui.settings.account_state import AccountState
from bounce_assistant.ui.settings.leaving import Leaving
from bounce_assistant.ui.settings.passed_over import PassedOver
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.details import show_details
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.open_page import open_page
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.words import Words


class AccountRow(QWidget):
    """One account with what can be done about it; the outcome stands right below."""

    remove_requested = Signal(object)  # Account
    signed_in = Signal(str)  # again: the address

    def __init__(self, account: Account, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__()
        self.account, self._accounts, self._tasks = account, desk.accounts, tasks
        self._job: Job | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(4)
        rows.addWidget(Words(account.email, bold=True))
        self.facts = Words(self._facts(), dim=True)
        rows.addWidget(self.facts)
        self.state = AccountState(account, desk)
        rows.addWidget(self.state)
        self.test = ActionButton(self.tr("Test sign-in"))
        self.stop = ActionButton(self.tr("Stop"))
        self.again = ActionButton(self.tr("Sign in again..."))
        self.reading = ActionButton(self.tr("What we read..."))
        self.servers = ActionButton(self.tr("Servers..."))
        self.remove = ActionButton(self.tr("Remove..."))
        buttons = Flow()
        self.buttons = (
            self.test,
            self.stop,
            self.again,
            self.reading,
            self.servers,
            self.remove,
        )
        for button in self.buttons:
            button.setAccessibleDescription(account.email)
            buttons.addWidget(button)
        rows.addLayout(buttons)
        self.outcome = Banner()
        self.leaving = Leaving(account, desk)
        rows.addWidget(self.leaving)
        say, say_problem = self.outcome.say, self.outcome.say_problem
        self.passed_over = PassedOver(account, desk, tasks, say, say_problem)
        rows.addWidget(self.passed_over)
        rows.addWidget(self.outcome)
        self.stop.hide()
        self.test.clicked.connect(self._on_test)
        self.stop.clicked.connect(self._on_stop)
        self.again.clicked.connect(self._on_again)
        self.reading.clicked.connect(lambda: self._ask(ReadingDialog(self.account, self)))
        self.servers.clicked.connect(lambda: self._ask(ServersDialog(self.account, self)))
        self.remove.clicked.connect(lambda: self.remove_requested.emit(account))

    def _on_test(self) -> None:
        account, accounts = self.account, self._accounts
        self.outcome.say(trying_words(account.imap, account.smtp))
        had_focus = self.test.hasFocus()
        self.test.setEnabled(False)
        self.stop.show()
        if had_focus:  # by itself it would go on to Sign in again
            self.stop.setFocus()

        self._job = self._tasks.run(
            self,
            lambda job: accounts.test(account, None, job),
            done=self._on_tried,
            failed=self._on_refused,
        )

    def _on_again(self) -> None:
        dialog = SignInDialog(self.account, self._accounts, self._tasks, self)
        dialog.signed_in.connect(lambda _account: self._on_signed_in())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_signed_in(self) -> None:
        self._on_works()
        self.signed_in.emit(self.account.email)

    def _ask(self, dialog: ChangeDialog) -> None:
        dialog.accepted.connect(lambda: self._on_changed(dialog.changed))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_changed(self, changed: Account) -> None:
        try:
            self._accounts.change(changed)
        except AppError as problem:
            self.outcome.say_problem(problem)
            return
        self.account = changed
        self.facts.show_words(self._facts())

    def _facts(self) -> str:
        """Say where the mail is, how one signs in, and what is read."""
        account = self.account
        browser, password = self.tr("signed in by browser"), self.tr("password")
        folders = {"inbox": self.tr("Inbox"), "spam": self.tr("Spam")}
        reads = ", ".join(folders[role] for role in account.reads)
        many = self.tr("%n days back", "", account.since_days)
        back = self.tr("1 day back") if account.since_days == 1 else many
        way = browser if account.sign_in == "browser" else password
        return f"{self._servers()} - {way} - {reads}, {back}"

    def _servers(self) -> str:
        """Return where mail is read and where it is sent, in one word where both are the same."""
        account = self.account
        if account.smtp is None:
            return self.tr("{host}, no server to send").format(host=account.imap_host)
        if account.smtp_host == account.imap_host:
            return account.imap_host
        words = self.tr("{host}, sends through {other}")
        return words.format(host=account.imap_host, other=account.smtp_host)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._settle()
        self.outcome.say(self.tr("Stopped."))

    def _on_tried(self, trial: Trial) -> None:
        self._settle()
        self.outcome.say(trial_words(trial), group="later" if trial.sending else "fine")

    def _on_works(self) -> None:
        self._settle()
        self.outcome.say(self.tr("The sign-in works."), group="fine")

    def _on_refused(self, problem: Exception) -> None:
        self._settle()
        url = problem.help_url if isinstance(problem, MailServerError) else ""
        ways: list[tuple[str, Callable[[], object]]] = []
        if url:
            ways.append((self.tr("Open their page..."), lambda: open_page(url, self)))
        elif isinstance(problem, MailServerError) and problem.technical:
            ways.append((self.tr("Details"), lambda: show_details(problem, self)))
        self.outcome.say_problem(problem, *ways)

    def _settle(self) -> None:
        self._job = None
        self.test.setEnabled(True)
        if self.stop.hasFocus():
            self.test.setFocus()
        self.stop.hide()


class AccountList(Panel):
    """All accounts, and the way to one more."""

    changed = Signal()
    keychain_refused = Signal()
    added = Signal()  # an account whose bounces are to be looked for
    signed_in = Signal(str)  # again: the address of the account
    own_mail_requested = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__()
        self._desk, self._tasks = desk, tasks
        self._accounts, self._outbox = desk.accounts, desk.outbox
        self.banner = Banner()
        self.account_rows: list[AccountRow] = []
        self._list = QVBoxLayout()
        self.rows.addWidget(self.banner)
        self.rows.addLayout(self._list)
        self.add = ActionButton(self.tr("Connect an account..."))
        self.add.clicked.connect(self._on_add)
        buttons = Flow()
        buttons.addWidget(self.add)
        self.rows.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Draw the accounts as they are stored now."""
        clear(self._list)
        self.account_rows = []
        for account in self._accounts.list():
            row = AccountRow(account, self._desk, self._tasks)
            row.remove_requested.connect(self._on_remove)
            row.signed_in.connect(self.signed_in)
            self.account_rows.append(row)
            self._list.addWidget(row)
            self._list.addWidget(Line())
        if not self.account_rows:
            words = self.tr("No account is connected. Files you drop are diagnosed all the same.")
            self._list.addWidget(Words(words, dim=True))
        self._order()

    def bring_up_to_date(self) -> None:
        """Drop what was removed elsewhere; what is being done about other accounts goes on."""
        known = {account.id for account in self._accounts.list()}
        gone = [row for row in self.account_rows if row.account.id not in known]
        if gone and len(gone) == len(self.account_rows):
            self.refresh()
            return
        for row in gone:
            self.account_rows.remove(row)
            place = self._list.indexOf(row)
            clear(self._list, place, place + 2)  # with the line below it
        for row in self.account_rows:
            row.leaving.refresh()

    def _order(self) -> None:
        """Have Tab go down the page: what was drawn anew would come last."""
        buttons = [button for row in self.account_rows for button in row.buttons]
        for before, after in pairwise((*buttons, self.add)):
            self.setTabOrder(before, after)

    def _on_add(self) -> None:
        if self._desk.is_sample:
            self.own_mail_requested.emit()
            return
        dialog = AddAccountDialog(self._accounts, self._desk.knowledge, self._tasks, self)
        dialog.account_added.connect(lambda _account: self._on_added())
        dialog.keychain_refused.connect(self.keychain_refused)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_added(self) -> None:
        self._on_changed()
        self.added.emit()

    def _on_remove(self, account: Account) -> None:
        waiting = self._outbox.bound_to(account, keep_history=False)
        bounces = self._accounts.bounces(account)
        dialog = RemoveDialog(account, waiting, self, bounces=bounces)
        dialog.accepted.connect(partial(self._on_agreed, account, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_agreed(self, account: Account, dialog: RemoveDialog) -> None:
        """Remove it beside the window: a keychain may first ask who wants to use it."""
        remove = partial(
            remove_account,
            account,
            self._accounts,
            self._outbox,
            keep_history=dialog.keep_history,
            drops_waiting=dialog.has_said_waiting,
        )
        if dialog.is_to_wait:
            remove = partial(remove_when_sent, account, self._accounts, self._outbox)
        for row in self.account_rows:
            row.setEnabled(False)
        self._tasks.run(
            self,
            lambda _job: remove(),
            done=lambda _called_back: self._on_changed(),
            failed=self._on_not_removed,
        )

    def _on_not_removed(self, problem: Exception) -> None:
        self._on_changed()
        if isinstance(problem, AppError):
            self.banner.say_problem(problem)
        else:
            self._tasks.failed.emit(problem)

    def _on_changed(self) -> None:
        self.refresh()
        self.changed.emit()
