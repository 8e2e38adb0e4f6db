"""What is asked about a connected account: what to read, which servers, whether to remove it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import Account, Server, settings_by_hand
from bounce_assistant.services.removing import last_leaves
from bounce_assistant.store.outgoing import Outgoing
from bounce_assistant.ui.accounts.by_hand import ServerFields
from bounce_assistant.ui.accounts.reading_page import ReadingChoices
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.words import Title, Words, fit_height, fit_screen


class ChangeDialog(QDialog):
    """A question with its answer in one part; once accepted, ``changed`` is the account with it."""

    def __init__(self, account: Account, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._account = self.changed = account
        self._answer: Callable[[], Account | None] = lambda: None

    def hold(self, title: str, part: QWidget, answer: Callable[[], Account | None]) -> None:
        """Arrange the window around its question and the part that answers it.

        ``answer`` returns the account as it stands there; None, once it said why, if that is none.
        """
        self._answer = answer
        self.setWindowTitle(title)
        page = Page()
        page.rows.setSpacing(12)
        page.rows.addWidget(Title(title, scale=1.2))
        page.rows.addWidget(Words(self._account.email, dim=True))
        page.rows.addWidget(part)
        page.rows.addStretch()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(page, 1)
        self.keep = MainButton(self.tr("Keep these"))
        cancel = ActionButton(self.tr("Cancel"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.keep, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_keep)
        buttons.rejected.connect(self.reject)
        rows.addLayout(end_row(buttons))
        self.setMinimumWidth(420)
        fit_screen(self, 460, 620)

    def _on_keep(self) -> None:
        answer = self._answer()
        if answer is not None:
            self.changed = answer
            self.accept()


class ReadingDialog(ChangeDialog):
    """What may we read? Asked again."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(account, parent)
        self.choices = ReadingChoices()
        self.choices.show_choices(account.reads, account.since_days)
        self.hold(self.tr("What may we read?"), self.choices, self._read_choices)

    def _read_choices(self) -> Account | None:
        choices = self.choices
        if not choices.are_enough():
            return None
        return replace(self._account, reads=choices.reads, since_days=choices.since_days)


class ServersDialog(ChangeDialog):
    """Which servers does it use? Tried with Test sign-in."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(account, parent)
        self.fields = ServerFields()
        self.fields.entered.connect(self._on_keep)
        settings = settings_by_hand(account.email)
        known = replace(settings, imap=account.imap, smtp=account.smtp, username=account.username)
        self.fields.show_settings(known)
        self.hold(self.tr("Which servers does it use?"), self.fields, self._read_fields)

    def _read_fields(self) -> Account | None:
        if self.fields.imap.server is None:
            self.fields.host.say(self.tr("Which server does your mail come from?"))
            self.fields.host.setFocus()
            return None
        settings = self.fields.settings_from(settings_by_hand(self._account.email))
        imap, smtp = settings.imap or self._account.imap, settings.smtp or Server("", 465, "tls")
        return replace(
            self._account,
            imap_host=imap.host,
            imap_port=imap.port,
            imap_security=imap.security,
            smtp_host=smtp.host,
            smtp_port=smtp.port,
            smtp_security=smtp.security,
            username=settings.username,
        )


class RemoveDialog(QDialog):
    """Asks first, as this can't be undone; the answer says what happens to the bounces.

    ``waiting`` is what has still to be sent and couldn't without the account, ``bounces`` how many
    would go with it.
    """

    def __init__(
        self,
        account: Account,
        waiting: Sequence[Outgoing] = (),
        parent: QWidget | None = None,
        *,
        bounces: int = 0,
    ) -> None:
        super().__init__(parent)
        self.keep_history = True
        self.is_to_wait = False  # until its mail has left
        self.has_said_waiting = bool(waiting)  # else what came meanwhile stops the removal
        self.setWindowTitle(self.tr("Remove an account"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.setSpacing(8)
        rows.addWidget(Title(self.tr("Remove {email}?").format(email=account.email), scale=1.2))
        words = self.tr("Your mailbox stays as it is. Only this program forgets it.")
        rows.addWidget(Words(words, dim=True))
        own = [one for one in waiting if one.sender.lower() == account.email.lower()]
        kept = self.tr("What you found and decided stays in the list.")
        self.keep = ChoiceRow(
            self.tr("Remove it, keep its bounces"), f"{kept} {self._dropped(len(own))}".strip()
        )
        told = (self._gone(bounces), self.tr("This can't be undone."), self._dropped(len(waiting)))
        self.forget = ChoiceRow(self.tr("Remove it with its bounces"), " ".join(filter(None, told)))
        cancel = ActionButton(self.tr("Cancel"))
        self.keep.clicked.connect(self.accept)
        self.forget.clicked.connect(self._on_forget)
        cancel.clicked.connect(self.reject)
        if waiting:
            rows.addWidget(Words(self._still_waiting(len(waiting))))
            rows.addWidget(self._wait_row(waiting))
        rows.addWidget(self.keep)
        rows.addWidget(self.forget)
        rows.addWidget(cancel, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(420)
        fit_height(self, 420)

    def _wait_row(self, waiting: Sequence[Outgoing]) -> ChoiceRow:
        leaves = self.tr("The last one leaves {time}. Then it's removed, and its bounces stay.")
        self.wait = ChoiceRow(
            self.tr("Keep it until they have left"),
            leaves.format(time=last_leaves(waiting)),
            mark=self.tr("Recommended"),
        )
        self.wait.clicked.connect(self._on_wait)
        return self.wait

    def _still_waiting(self, count: int) -> str:
        many = self.tr("%n emails are still waiting to be sent.", "", count)
        return self.tr("1 email is still waiting to be sent.") if count == 1 else many

    def _gone(self, count: int) -> str:
        """Name what goes: a number is understood where a word is passed over."""
        if not count:
            return ""
        many = self.tr("%Ln bounces and what you decided about them go too.", "", count)
        return self.tr("1 bounce and what you decided about it go too.") if count == 1 else many

    def _dropped(self, count: int) -> str:
        if not count:
            return ""
        many = self.tr("The %n emails won't be sent.", "", count)
        return self.tr("The email won't be sent.") if count == 1 else many

    def _on_wait(self) -> None:
        self.is_to_wait = True
        self.accept()

    def _on_forget(self) -> None:
        self.keep_history = False
        self.accept()
