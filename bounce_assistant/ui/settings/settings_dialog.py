"""Settings: accounts, your name, rules, privacy, light and dark."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.settings.account_rows import AccountList
from bounce_assistant.ui.settings.rule_rows import RuleList
from bounce_assistant.ui.settings.signing_in import SigningIn
from bounce_assistant.ui.settings.watch_boxes import WatchBoxes
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.theme import Look, apply_look
from bounce_assistant.ui.tray import has_tray
from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.words import Title, Words, fit_screen


class SettingsDialog(QDialog):
    """Every change holds at once; there is nothing to confirm."""

    accounts_changed = Signal()
    own_mail_requested = Signal()  # accounts are connected beside the sample mail, not in it

    def __init__(self, desk: Desk, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = desk.store.settings
        self.setWindowTitle(self.tr("Settings"))
        self.accounts = AccountList(desk, tasks)
        self.accounts.own_mail_requested.connect(self._on_own_mail)
        self.accounts.changed.connect(self.accounts_changed)
        self.name = Field(
            self.tr("Your &name"), hint=self.tr("Signs the texts that are ready to copy.")
        )
        self.name.edit.setText(self._settings.load().my_name)
        self.name.edit.editingFinished.connect(self._on_name)
        cases = desk.cases
        self.rules = RuleList(cases.rules, cases.hiding, desk.knowledge.handbook, tasks)
        self.rules.changed.connect(self.accounts_changed)
        is_kept = desk.is_sample or desk.accounts.are_passwords_kept
        self.signing_in = SigningIn(desk.accounts.browser.apps, is_kept=is_kept)
        self.looks: dict[Look, ChoiceRow] = {}
        page = Page()
        self.watching = WatchBoxes(self._settings, has_tray=has_tray())
        self.accounts.rows.addWidget(self.watching)
        self.watching.setVisible(not desk.is_sample)  # sample mail gets no news
        for title, part in (
            (self.tr("Accounts"), self.accounts),
            (self.tr("You"), self._you()),
            (self.tr("Signing in"), self.signing_in),
            (self.tr("Rules"), self.rules),
            (self.tr("Privacy"), self._privacy(is_kept=is_kept)),
            (self.tr("Appearance"), self._appearance()),
        ):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(Title(title, scale=1.1))
            column.addWidget(part)
            page.rows.addLayout(column)
        page.rows.addStretch()
        close = ActionButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(page, 1)
        rows.addLayout(end_row(close))
        fit_screen(self, 580, 680)

    def done(self, result: int) -> None:
        """Keep a name that is still being typed."""
        self._on_name()
        super().done(result)

    def _on_own_mail(self) -> None:
        self.accept()
        self.own_mail_requested.emit()

    def _you(self) -> Panel:
        panel = Panel()
        panel.rows.addWidget(self.name)
        return panel

    def _privacy(self, *, is_kept: bool) -> Panel:
        panel = Panel()
        keychain = self.tr("Passwords are kept in this computer's keychain and nowhere else.")
        session = self.tr(
            "This computer has no keychain we can use, so passwords are kept for this session only."
        )
        for words in (
            self.tr(
                "Diagnosis happens on this computer. We look things up on the internet only when "
                "you press a Check button."
            ),
            self.tr(
                "We look for new mail when you press Check now; by ourselves only where that is "
                "ticked under Accounts."
            ),
            self.tr(
                "We only read. We never delete, move or mark your mail unless you turn that on."
            ),
            keychain if is_kept else session,
        ):
            panel.rows.addWidget(Words(words))
        return panel

    def _appearance(self) -> QWidget:
        box = QWidget()
        across = QHBoxLayout(box)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        group = QButtonGroup(self)
        chosen = self._settings.load().theme
        for look, name in (
            (Look.SYSTEM, self.tr("System")),
            (Look.LIGHT, self.tr("Light")),
            (Look.DARK, self.tr("Dark")),
        ):
            row = ChoiceRow(name, is_choice=True)
            row.setChecked(chosen == look.value)
            row.clicked.connect(lambda _=False, look=look: self._on_look(look))
            group.addButton(row)
            across.addWidget(row, 1)
            self.looks[look] = row
        return box

    def _on_look(self, look: Look) -> None:
        self._settings.save(replace(self._settings.load(), theme=look.value))
        apply_look(look)

    def _on_name(self) -> None:
        settings = self._settings.load()
        name = " ".join(self.name.text.split())
        if name != settings.my_name:
            self._settings.save(replace(settings, my_name=name))
