"""Connecting an account: address, password, what may be read; tried before anything is kept."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, ProviderSettings, account_from
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.ui.accounts.company_page import CompanyPage
from bounce_assistant.ui.accounts.email_page import EmailPage
from bounce_assistant.ui.accounts.no_password_page import NoPasswordPage
from bounce_assistant.ui.accounts.password_page import PasswordPage
from bounce_assistant.ui.accounts.reading_page import ReadingPage
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.theme import set_icon
from bounce_assistant.ui.widgets.buttons import ActionButton, LinkButton
from bounce_assistant.ui.widgets.words import Words

_STEPS = 3  # address, password, what may be read; who runs it belongs to the first


class AddAccountDialog(QDialog):
    """Back keeps what was typed; nothing is stored before the last page says so."""

    account_added = Signal(int)

    def __init__(
        self, accounts: Accounts, tasks: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._accounts, self._tasks = accounts, tasks
        self._email, self._password = "", ""
        self._account: Account | None = None
        self._job: Job | None = None
        self._way: list[QWidget] = []
        self.setWindowTitle(self.tr("Connect my email"))
        self.email_page, self.company_page = EmailPage(accounts), CompanyPage(accounts)
        self.no_password_page, self.reading_page = NoPasswordPage(), ReadingPage()
        self.password_page = PasswordPage(is_kept=accounts.are_passwords_kept)
        self.place = Words(dim=True)
        self.back = LinkButton(self.tr("Back"))
        set_icon(self.back, "back")
        self.cancel = ActionButton(self.tr("Cancel"))
        self._stack = QStackedWidget()
        self._sheets: dict[QWidget, Page] = {}
        self._lay_out()
        self._connect()
        self._go(self.email_page)

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self._way[-1]

    def done(self, result: int) -> None:
        """Stop what runs, and forget the password."""
        self._on_stop()
        self._password = ""
        self.password_page.password.edit.clear()
        super().done(result)

    def _connect(self) -> None:
        self.back.clicked.connect(self._on_back)
        self.cancel.clicked.connect(self.reject)
        self.email_page.email_given.connect(self._on_email)
        self.company_page.company_given.connect(self._on_company)
        self.no_password_page.files_chosen.connect(self.reject)
        self.no_password_page.by_hand_chosen.connect(lambda: self._on_company(None))
        self.password_page.sign_in_requested.connect(self._on_sign_in)
        self.password_page.stop_requested.connect(self._on_stop)
        self.reading_page.agreed.connect(self._on_agreed)

    def _on_email(self, email: str) -> None:
        is_other = email != self._email
        self._email = email
        settings = self._accounts.settings_for(email)
        if settings is None:
            self.company_page.show_email(email)
            self._go(self.company_page)
        elif is_other or self.password_page.password.text == "":
            self._on_settings(settings)
        else:
            self._go(self.password_page)

    def _on_company(self, settings: ProviderSettings | None) -> None:
        if settings is None:
            empty = ProviderSettings(
                email=self._email,
                provider="",
                name="",
                company="",
                login="password",
                is_confirmed=False,
                username=self._email,
                imap=None,
                smtp=None,
            )
            self.password_page.show_settings(empty, by_hand=True)
            self._go(self.password_page)
        else:
            self._on_settings(settings)

    def _on_settings(self, settings: ProviderSettings) -> None:
        if settings.login == "oauth_only":
            self.no_password_page.show_provider(settings)
            self._go(self.no_password_page)
        else:
            self.password_page.show_settings(settings)
            self._go(self.password_page)

    def _on_sign_in(self, settings: ProviderSettings, password: str) -> None:
        account = account_from(settings)
        self._account, self._password = account, password
        self.password_page.show_busy(is_busy=True)
        self._job = self._tasks.run(
            self,
            lambda job: self._accounts.test(account, password, job),
            done=lambda _none: self._on_signed_in(),
            failed=self._on_refused,
        )

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.password_page.show_busy(is_busy=False)

    def _on_signed_in(self) -> None:
        self._job = None
        self.password_page.show_busy(is_busy=False)
        self.reading_page.show_account(self._email)
        self._go(self.reading_page)

    def _on_refused(self, problem: Exception) -> None:
        self._job = None
        self.password_page.show_busy(is_busy=False)
        if not isinstance(problem, AppError):
            self._tasks.failed.emit(problem)
        ours = self.tr("Something went wrong in Bounce Assistant. Your mail wasn't changed.")
        self.password_page.show_problem(str(problem) if isinstance(problem, AppError) else ours)

    def _on_agreed(self) -> None:
        if self._account is None:
            return
        try:
            added = self._accounts.add(self._account, self._password)
        except AppError as problem:
            self.reading_page.banner.say_problem(problem)
            return
        self.account_added.emit(added.id)
        self.accept()

    def _on_back(self) -> None:
        self._on_stop()
        if len(self._way) > 1:
            self._way.pop()
            self._show()

    def _go(self, page: QWidget) -> None:
        self._way.append(page)
        self._show()

    def _show(self) -> None:
        page = self.page
        self._stack.setCurrentWidget(self._sheets[page])
        self.back.setVisible(len(self._way) > 1)
        number = {self.password_page: 2, self.reading_page: 3}.get(page, 1)
        words = self.tr("Step {number} of {all}").format(number=number, all=_STEPS)
        self.place.show_words("" if page is self.no_password_page else words)
        take_keyboard = getattr(page, "take_keyboard", None)
        if take_keyboard:
            take_keyboard()

    def _lay_out(self) -> None:
        pages = (
            self.email_page,
            self.company_page,
            self.no_password_page,
            self.password_page,
            self.reading_page,
        )
        for page in pages:
            sheet = Page()
            sheet.rows.addWidget(page)
            self._sheets[page] = sheet
            self._stack.addWidget(sheet)
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 0)
        top.addWidget(self.back)
        top.addWidget(self.place, 1)
        end = QHBoxLayout()
        end.setContentsMargins(16, 0, 16, 16)
        end.addStretch()
        end.addWidget(self.cancel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(top)
        rows.addWidget(self._stack, 1)
        rows.addLayout(end)
        self.resize(580, 640)
