"""Many bounces with one cause: the shared diagnosis on top, the people below."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.store.rows import CaseRow
from bounce_assistant.ui.bounce.batch import MemberList
from bounce_assistant.ui.bounce.card import DiagnosisCard
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.widgets.banner import Banner


class BatchPage(Page):
    """What is done on this card is done to all of them."""

    def __init__(self, handbook: Handbook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handbook = handbook
        self.banner, self.card, self.members = Banner(), DiagnosisCard(), MemberList()
        for widget in (self.banner, self.card, self.members):
            self.rows.addWidget(widget)
        self.rows.addStretch()

    def show_batch(self, newest: OpenCase, row: CaseRow, members: Sequence[CaseRow]) -> OpenCase:
        """Draw it; return the newest case with the advice for all of them."""
        self.banner.hide()
        advice = advise(newest.diagnosis, newest.report, self._handbook, count=len(members))
        self.card.show_diagnosis(advice, newest.diagnosis)
        self.card.more.show_state(row.state, is_batch=True)
        self.members.show_members(members)
        self.verticalScrollBar().setValue(0)
        return replace(newest, advice=advice, row=row)
