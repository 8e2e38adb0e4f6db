"""One bounce on a page: the card, then the sections that explain it."""

import re
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.standing import Standing
from bounce_assistant.store.returned_ids import LookUp
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.bounce.card import DiagnosisCard
from bounce_assistant.ui.bounce.journey import JourneySection, stops_of
from bounce_assistant.ui.bounce.original import OriginalSection
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.bounce.past import HistoryOf, PastSection
from bounce_assistant.ui.bounce.raw_message import RawMessage
from bounce_assistant.ui.bounce.technical import TechnicalSection
from bounce_assistant.ui.bounce.why import WhySection
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.section import OpenSections, Section

_OWN_BRANCH = re.compile(r"^\[[^\]]{1,40}\]/")  # Gmail's own folders stand below [Gmail]


class CasePage(Page):
    """Sections are filled when they are opened, so that moving through the list stays quick."""

    def __init__(
        self,
        handbook: Handbook,
        remembered: OpenSections,
        history: HistoryOf | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._case: OpenCase | None = None
        self._handbook = handbook
        self._remembered = remembered
        self._history = history
        self.past = PastSection()
        self.banner, self.card = Banner(), DiagnosisCard()
        self.back = LinkButton(self.tr("Back to all of them"))
        self.back.hide()
        self.why, self.original, self.journey = (
            WhySection(),
            OriginalSection(),
            JourneySection(handbook),
        )
        self.technical, self.raw = TechnicalSection(), RawMessage()
        self.rows.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.rows.addWidget(self.banner)
        self.rows.addWidget(self.card)
        self.sections = self._make_sections()
        parts = QVBoxLayout()
        parts.setSpacing(4)
        for section in self.sections.values():
            parts.addWidget(section)
        self.rows.addLayout(parts)
        self.rows.addStretch()

    def show_case(self, case: OpenCase) -> None:
        """Draw a case; sections that are closed wait until they are opened."""
        is_other = self._case is None or self._case.id != case.id
        self._case = case
        self.banner.hide()
        if is_other:
            self.card.standing.show_standing(Standing(""))
        self.card.show_diagnosis(
            case.advice,
            case.diagnosis,
            history=case.history,
            state=self._state(case),
            could_be=self._could_be(case),
        )
        self.card.more.show_state(case.row.state)
        self.sections["journey"].setVisible(bool(stops_of(case.report)))
        self.sections["past"].setVisible(self._history is not None and bool(case.history))
        for section in self.sections.values():
            section.refill()
        if is_other:
            self.verticalScrollBar().setValue(0)

    def show_standing(self, standing: Standing) -> None:
        """Say on the card what became of the email since it came back."""
        self.card.standing.show_standing(standing)
        self.card.updateGeometry()

    def open_section(self, key: str) -> None:
        """Open a section and bring it into view."""
        section = self.sections[key]
        section.header.setChecked(True)
        section.header.setFocus()
        if inside := self.widget():
            inside.adjustSize()
        self.ensureWidgetVisible(section.header, 0, 120)

    def _make_sections(self) -> dict[str, Section]:
        parts: tuple[tuple[str, str, QWidget, Callable[[OpenCase], None]], ...] = (
            ("why", self.tr("Why we think so"), self.why, self._fill_why),
            ("original", self.tr("Your original email"), self.original, self._fill_original),
            ("journey", self.tr("Journey of this email"), self.journey, self._fill_journey),
            ("past", self.tr("History of this address"), self.past, self._fill_past),
            ("technical", self.tr("Technical details"), self.technical, self._fill_technical),
            ("raw", self.tr("Raw message"), self.raw, self._fill_raw),
        )
        return {
            key: Section(
                key,
                title,
                content,
                partial(self._fill, fill),
                self._remembered,
                default=key == "why",
            )
            for key, title, content, fill in parts
        }

    def _fill(self, fill: Callable[[OpenCase], None]) -> None:
        if self._case is not None:
            fill(self._case)

    def _fill_why(self, case: OpenCase) -> None:
        self.why.show_evidence(case.report, case.diagnosis, case.seen_by_follow_up_boss)

    def _fill_original(self, case: OpenCase) -> None:
        self.original.show_original(case.report.original, case.diagnosis.recipient.recipient)

    def _fill_journey(self, case: OpenCase) -> None:
        self.journey.show_journey(case.report, case.diagnosis.recipient.remote_mta)

    def _fill_past(self, case: OpenCase) -> None:
        if self._history is not None and case.row.address:
            self.past.show_past(self._history(case.row.address), case.id)

    def _fill_technical(self, case: OpenCase) -> None:
        place = self._place_of(case.folder, case.account) if case.folder else case.file
        self.technical.show_details(case.report, case.diagnosis, place, self._sent_words(case))

    def _sent_words(self, case: OpenCase) -> str:
        """Say what shows whether the person sent what came back."""
        if case.copy_in == "":
            return self.tr("yes, from this program")
        if case.copy_in:
            folder = _OWN_BRANCH.sub("", case.copy_in)
            return self.tr("yes, a copy is in {folder}").format(folder=folder)
        if case.sent_by_you == "yes":
            return self.tr("yes, as its own header shows")
        is_no = case.sent_by_you == "no"
        answer = self.tr("no, as its own header shows") if is_no else self.tr("not known")
        if case.look_up is LookUp.GIVEN_UP:
            return self.tr("{answer}; we couldn't look in Sent").format(answer=answer)
        if case.look_up is LookUp.ABSENT:
            return self.tr("{answer}; no copy is in Sent").format(answer=answer)
        return answer if is_no else ""

    def _place_of(self, folder: str, account: str) -> str:
        """Say in which folder a notice was found, as the person's mail program names it."""
        name = self.tr("Inbox") if folder == "INBOX" else _OWN_BRANCH.sub("", folder)
        words = self.tr("{folder} of {account}")
        return words.format(folder=name, account=account) if account else name

    def _fill_raw(self, case: OpenCase) -> None:
        self.raw.show_raw(case.raw, case.missing)

    def _could_be(self, case: OpenCase) -> str:
        """Return the title of the second cause that a diagnosis hesitates over."""
        rival = case.diagnosis.runner_up
        if rival is None or rival == case.diagnosis.cause:
            return ""
        other = replace(case.diagnosis, cause=rival)
        return advise(other, case.report, self._handbook).title

    def _state(self, case: OpenCase) -> str:
        if case.row.state is CaseState.DONE:
            return self.tr("Done")
        if case.row.state is CaseState.WAITING and case.row.snoozed_until:
            when = wording.day_and_time(case.row.snoozed_until)
            return self.tr("Waiting until {when}").format(when=when)
        return ""
