"""The windows that open from the main one; each is loaded when it is first wanted."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

import bounce_assistant
from bounce_assistant import resources
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.tasks import TaskRunner


class Dialogs(QObject):
    """Opens them over the main window, without stopping it."""

    account_added = Signal()
    limited = Signal(object)  # AppError: it was done, and not quite as was said before
    signed_in = Signal(str)  # again: the address of an account that is connected
    own_mail_requested = Signal()  # out of the sample mail's settings
    settings_closed = Signal()
    accounts_moved = Signal()  # not by a window of these: what shows them is to be drawn anew
    cause_chosen = Signal(str)  # CauseId: what the questions led to

    def __init__(self, window: QWidget, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window, self._desk, self._tasks = window, desk, tasks

    def add_account(self) -> None:
        from bounce_assistant.ui.accounts.add_account import AddAccountDialog  # noqa: PLC0415

        dialog = AddAccountDialog(
            self._desk.accounts, self._desk.knowledge, self._tasks, self._window
        )
        dialog.account_added.connect(self.account_added)
        dialog.keychain_refused.connect(self._on_keychain_refused)
        self._open(dialog)

    def sign_in(self, account: Account) -> None:
        from bounce_assistant.ui.accounts.sign_in_again import SignInDialog  # noqa: PLC0415

        dialog = SignInDialog(account, self._desk.accounts, self._tasks, self._window)
        dialog.signed_in.connect(lambda _account: self.signed_in.emit(account.email))
        self._open(dialog)

    def settings(self) -> None:
        from bounce_assistant.ui.settings.settings_dialog import SettingsDialog  # noqa: PLC0415

        dialog = SettingsDialog(self._desk, self._tasks, self._window)
        dialog.accounts_changed.connect(self.settings_closed)
        self.accounts_moved.connect(dialog.accounts.bring_up_to_date)
        dialog.accounts.added.connect(self.account_added)
        dialog.accounts.keychain_refused.connect(self._on_keychain_refused)
        dialog.own_mail_requested.connect(self.own_mail_requested)
        dialog.accounts.signed_in.connect(self.signed_in)
        dialog.finished.connect(self.settings_closed)
        self._open(dialog)

    def questions(self, case: OpenCase | None) -> None:
        """Ask the offline questions, about a case or about none at hand."""
        from bounce_assistant.diagnosis.wizard import known_answers, parse_wizard  # noqa: PLC0415
        from bounce_assistant.ui.wizard.questions import QuestionsDialog  # noqa: PLC0415

        wizard = parse_wizard(resources.read_text("wizard.toml"))
        known = known_answers(case.report, wizard, case.others + 1) if case else {}
        dialog = QuestionsDialog(wizard, known, self._desk.knowledge.handbook, self._window)
        dialog.accepted.connect(lambda: self._on_answered(dialog.chosen_cause))
        self._open(dialog)

    def files(self) -> tuple[str, ...]:
        """Ask for email files; return their paths."""
        kinds = self.tr("Saved emails (*.eml *.mbox *.msg *.txt);;All files (*)")
        chosen, _kind = QFileDialog.getOpenFileNames(self._window, self.tr("Add bounce"), "", kinds)
        return tuple(chosen)

    def help(self, page: str = "") -> None:
        from bounce_assistant.ui.help_window import HelpWindow  # noqa: PLC0415

        self._open(HelpWindow(page, self._window))

    def shortcuts(self, actions: Sequence[QAction]) -> None:
        from bounce_assistant.ui.help_window import ShortcutsDialog  # noqa: PLC0415

        self._open(ShortcutsDialog(actions, self._window))

    def about(self) -> None:
        words = self.tr(
            "Finds bounced email, says in plain words why it came back, and what to do next.\n\n"
            "Diagnosis happens on this computer."
        )
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("About Bounce Assistant"))
        box.setText(f"Bounce Assistant {bounce_assistant.__version__}")
        box.setInformativeText(words)
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        self._open(box)

    def _on_answered(self, cause: CauseId | None) -> None:
        if cause is not None:
            self.cause_chosen.emit(cause)

    def _on_keychain_refused(self) -> None:
        words = self.tr("This computer's keychain stayed shut, so you'll be asked again next time.")
        self.limited.emit(AppError(words))

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
