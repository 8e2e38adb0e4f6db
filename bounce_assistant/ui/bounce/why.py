"""Why we think so: the words of the notice that decided, marked, and what they say."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport, MessageKind
from bounce_assistant.services.examine import Answer
from bounce_assistant.ui.bounce.excerpt import MOST_MARKS, excerpt, telling
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.words import Words

_LONGEST_QUOTE = 90
_NOT_NAMES = ("The ", "It ", "This ")  # small in the middle of a sentence


class WhySection(QWidget):
    """Evidence first, doubts next: there is always a way to say that we are wrong."""

    reason_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.text = FittedText(self.tr("Why we think so"), is_code=True)
        rows.addWidget(self.text)
        self._glosses = [Words() for _ in range(MOST_MARKS)]
        for gloss in self._glosses:
            rows.addWidget(gloss)
        self.crm = Words()
        rows.addWidget(self.crm)
        doubt = Flow()
        doubt.addWidget(Words(self.tr("Not right?")))
        self.other = LinkButton(self.tr("Choose a different reason..."))
        self.other.clicked.connect(self.reason_requested)
        doubt.addWidget(self.other)
        rows.addLayout(doubt)

    def show_evidence(self, report: BounceReport, diagnosis: Diagnosis, seen: Answer) -> None:
        """Draw the excerpt, its glosses, and what the CRM could know."""
        self.text.show_pieces(excerpt(report.text, diagnosis.evidence))
        self.text.setVisible(bool(report.text.strip()))
        evidence = [one for one in telling(report.text, diagnosis.evidence) if one.says]
        lines = [
            f"“{one_line(one.text, _LONGEST_QUOTE)}” – {one_line(one.says)}" for one in evidence
        ]
        if not lines:
            lines = [self._without_words(report)]
        for number, gloss in enumerate(self._glosses):
            gloss.setVisible(number < len(lines))
            gloss.show_words(lines[number] if number < len(lines) else "")
        self.crm.show_words(self._crm_words(seen))

    def _without_words(self, report: BounceReport) -> str:
        """Say what decided where no single words did."""
        if report.imitation and report.kind is MessageKind.NOT_A_BOUNCE:
            said = self.tr(
                "It imitates a bounce: it {wants}. Open nothing in it, and type no password there."
            )
            return said.format(wants=report.imitation)
        return {
            MessageKind.AUTO_REPLY: self.tr("It is an automatic answer, not a bounce."),
            MessageKind.DELIVERED: self.tr("It reports an arrival, not a failure."),
            MessageKind.FEEDBACK: self.tr("It is a complaint that a mail company passed on."),
            MessageKind.DELAY: self.tr("It says that delivery is late, not that it failed."),
            MessageKind.NOT_A_BOUNCE: self.tr("Nothing in it reports that an email came back."),
        }.get(report.kind, self.tr("None of the words in it are ones we know for sure."))

    def _crm_words(self, seen: Answer) -> str:
        because = seen.because.strip().rstrip(".")
        if because.startswith(_NOT_NAMES):
            because = because[0].lower() + because[1:]
        if seen.answer == "yes":
            start = self.tr("Follow Up Boss should have seen this one, because {because}.")
        elif seen.answer == "no":
            start = self.tr("Follow Up Boss could not have seen this one, because {because}.")
        else:
            start = self.tr("We can't tell whether Follow Up Boss saw this one: {because}.")
        return start.format(because=because)
