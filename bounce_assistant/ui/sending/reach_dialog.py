"""Reach them another way: a number to dial or text, and words that are ready for it."""

from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bounce_assistant.advice.phone import PhoneLinks
from bounce_assistant.advice.playbooks import ReadyWords, WayKind
from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.people import People
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.sending.wizard_page import WizardPage, size_window
from bounce_assistant.ui.widgets.buttons import ActionButton, CopyButton
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.words import Words


class ReachDialog(QDialog):
    """Nothing is dialled or sent from here: the computer's own phone or text program opens."""

    def __init__(self, people: People, case: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people, self._address = people, case.row.address
        self._ways = case.advice.other_ways
        self.setWindowTitle(self.tr("Reach them another way"))
        name = case.row.name or case.row.address
        self.page = WizardPage(self.tr("How can you reach {name}?").format(name=name))
        self.number = Field(
            self.tr("&Phone number"),
            hint=self.tr("Kept on this computer for this person. Leave it empty to only copy."),
        )
        self.number.edit.setText(people.phone(self._address))
        self.call = ActionButton(self.tr("Call"))
        self.text = ActionButton(self.tr("Write a text"))
        self.panels: dict[WayKind, Panel] = {}
        self._lay_out()
        self.number.edit.editingFinished.connect(self._on_number)
        self.number.changed.connect(self._show_buttons)
        self.call.clicked.connect(lambda: self._open(WayKind.PHONE))
        self.text.clicked.connect(lambda: self._open(WayKind.TEXT))
        self._show_buttons()

    def done(self, result: int) -> None:
        """Keep a number that is still being typed."""
        self._on_number()
        super().done(result)

    def words_of(self, kind: WayKind) -> str:
        """Return the words for a way; "" where there are none."""
        return next((way.words for way in self._ways if way.kind is kind), "")

    def links(self) -> PhoneLinks | None:
        """Return what the computer opens for the number that is kept."""
        return self._people.phone_links(self._address, self.words_of(WayKind.TEXT))

    def _on_number(self) -> None:
        if self.number.text.strip() == self._people.phone(self._address):
            return
        try:
            self._people.keep_phone(self._address, self.number.text)
        except AppError as problem:
            self.number.say(str(problem))
        self._show_buttons()

    def _show_buttons(self) -> None:
        is_typed = bool(self.number.text.strip())
        self.call.setEnabled(is_typed)
        self.text.setEnabled(is_typed)

    def _open(self, kind: WayKind) -> None:
        self._on_number()
        links = self.links()
        if links is None:
            return  # what was typed is no number, and the field says so
        link = links.tel if kind is WayKind.PHONE else links.sms
        if not link or not QDesktopServices.openUrl(QUrl(link)):
            words = self.tr("This computer has no program for that. Copy the words instead.")
            self.page.banner.say(words)

    def _lay_out(self) -> None:
        rows = self.page.rows
        rows.addWidget(self.number)
        buttons = Flow()
        buttons.addWidget(self.text)
        buttons.addWidget(self.call)
        rows.addLayout(buttons)
        for way in self._ways:
            rows.addWidget(self._panel(way))
        rows.addStretch()
        sheet = Page()
        sheet.rows.addWidget(self.page)
        close = ActionButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(sheet, 1)
        column.addLayout(end_row(close))
        size_window(self, 560, 640)

    def _panel(self, way: ReadyWords) -> Panel:
        titles = {
            WayKind.TEXT: (self.tr("A text message"), self.tr("Copy text message")),
            WayKind.PHONE: (self.tr("On the phone"), self.tr("Copy what to say")),
            WayKind.LETTER: (self.tr("To somebody who can help"), self.tr("Copy message")),
        }
        title, copy = titles[way.kind]
        panel = Panel()
        panel.setAccessibleName(title)
        panel.rows.addWidget(Words(title, bold=True))
        text = FittedText(title, most=150)
        text.show_text(way.words)
        panel.rows.addWidget(text)
        end = Flow()
        end.addWidget(CopyButton(copy, partial(self.words_of, way.kind)))
        panel.rows.addLayout(end)
        self.panels[way.kind] = panel
        return panel
