"""Technical details: codes, servers and headers, for whoever looks after the mail."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.ui.widgets.buttons import ActionButton, CopyButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.plain import displayable, one_line
from bounce_assistant.ui.widgets.words import Words

_MOST_HEADERS = 20_000  # characters


class TechnicalSection(QWidget):
    """The one place where numbers and codes are shown."""

    save_requested = Signal()
    private_copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        rows.addLayout(self._grid)
        self.headers = FittedText(self.tr("Headers"), is_code=True, most=220)
        rows.addWidget(self.headers)
        buttons = Flow()
        self.copy = CopyButton(self.tr("Copy"), lambda: self._all)
        self.save = ActionButton(self.tr("Save a copy..."))
        self.private = ActionButton(self.tr("Save a private copy..."))
        self.save.clicked.connect(self.save_requested)
        self.private.clicked.connect(self.private_copy_requested)
        for button in (self.copy, self.save, self.private):
            buttons.addWidget(button)
        rows.addLayout(buttons)
        caution = self.tr(
            "In a private copy, names and addresses are replaced with dots. "
            "Check it before you share it."
        )
        rows.addWidget(Words(caution, dim=True))
        self._all = ""

    def show_details(
        self, report: BounceReport, diagnosis: Diagnosis, place: str = "", sent: str = ""
    ) -> None:
        """Draw what is known; what is not gets no line.

        ``place``: where the notice was found; ``sent``: whether the person sent what came back.
        """
        clear(self._grid)
        named = [*self._facts(report, diagnosis), (self.tr("Sent by you"), sent)]
        named.append((self.tr("Notice found in"), place))
        facts = [(name, value) for name, value in named if value]
        for number, (name, value) in enumerate(facts):
            label = Words(name, dim=True)
            label.setWordWrap(False)
            self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(Words(one_line(value, 1500)), number, 1)
        headers = _headers(report)
        self.headers.show_text(headers)
        self.headers.setVisible(bool(headers))
        lines = [f"{name}: {displayable(value)}" for name, value in facts]
        self._all = "\n".join([*lines, "", displayable(headers)])

    def _facts(self, report: BounceReport, diagnosis: Diagnosis) -> list[tuple[str, str]]:
        one, by = diagnosis.recipient, report.reported_by
        return [
            (self.tr("Address"), one.recipient),
            (self.tr("Forwarded to"), one.final_recipient),
            (self.tr("Status code"), str(one.status or "")),
            (self.tr("Reply code"), one.reply_code),
            (self.tr("Server's words"), one.diagnostic),
            (self.tr("Server that refused"), one.remote_mta),
            (self.tr("At the command"), one.smtp_command),
            (self.tr("Notice written by"), " ".join(filter(None, (by.service, by.host)))),
            (self.tr("Reason"), str(diagnosis.reason)),
            (self.tr("Certainty"), f"{diagnosis.score * 100:.0f} %"),
            (self.tr("Message-ID"), report.original.message_id if report.original else ""),
        ]


def _headers(report: BounceReport) -> str:
    parts = [report.notice.headers, report.original.headers if report.original else ()]
    texts = ["\n".join(f"{name}: {value}" for name, value in part) for part in parts if part]
    return "\n\n".join(texts)[:_MOST_HEADERS]
