"""The journey of an email: the stops on its way, how long each took, and where it was refused."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.report.facts import BounceReport, MessageKind
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.bounce.stops import LONG_WAIT, Stop, plain_name, read_stops
from bounce_assistant.ui.widgets.choice_row import Mark
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.words import Words

_RAIL = 20


class _Dot(QWidget):
    """A stop on the line: first and last end it."""

    def __init__(self, *, is_first: bool, is_last: bool) -> None:
        super().__init__()
        self._is_first, self._is_last = is_first, is_last
        self.setFixedWidth(_RAIL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(colour, 2))
        middle, dot = self.width() // 2, 12
        if not self._is_first:
            painter.drawLine(middle, 0, middle, dot)
        if not self._is_last:
            painter.drawLine(middle, dot, middle, self.height())
        painter.setBrush(colour)
        painter.drawEllipse(middle - 4, dot - 4, 8, 8)


class JourneySection(QWidget):
    """A vertical list, the first stop on top."""

    def __init__(self, handbook: Handbook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handbook = handbook
        self.setAccessibleName(self.tr("Journey of this email"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.lines: list[str] = []

    def show_journey(self, report: BounceReport, refused_by: str) -> None:
        """Draw the stops of the original, and the server that said no."""
        clear(self._rows)
        self.lines = []
        stops = stops_of(report)
        for number, stop in enumerate(stops):
            is_last = number == len(stops) - 1 and not refused_by
            name = self._name(stop, report, is_first=number == 0)
            late = stop.waited is not None and stop.waited > LONG_WAIT and stop.waited
            mark = self.tr("waited {time}").format(time=wording.waited(late)) if late else ""
            self._add(name, self._details(stop), mark, (number == 0, is_last))
        if refused_by:
            still = report.kind is MessageKind.DELAY
            mark = self.tr("not let in yet") if still else self.tr("refused it")
            known = self._known(refused_by) or self.tr("Their mail company")
            self._add(known, one_line(refused_by), mark, (not stops, True))

    def _add(self, name: str, details: str, mark: str, ends: tuple[bool, bool]) -> None:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(_Dot(is_first=ends[0], is_last=ends[1]))
        column = QVBoxLayout()
        column.setContentsMargins(0, 2, 0, 10)
        column.setSpacing(2)
        column.addWidget(Words(name, bold=True))
        column.addWidget(Words(details, dim=True))
        across.addLayout(column, 1)
        if mark:
            across.addWidget(Mark(mark, group="later"), 0, Qt.AlignmentFlag.AlignTop)
        line = ", ".join(filter(None, (name, details, mark)))
        row.setAccessibleName(line)
        self.lines.append(line)
        self._rows.addWidget(row)

    def _name(self, stop: Stop, report: BounceReport, *, is_first: bool) -> str:
        sender = report.original.sender if report.original else ""
        own = self._handbook.companies.get(sender.rpartition("@")[2].lower())
        if is_first:
            yours = own or self.tr("mail company")
            return self.tr("Your {company}").format(company=yours)
        return self._known(stop.host) or one_line(stop.host, 60)

    def _known(self, host: str) -> str:
        return plain_name(host, self._handbook.owners, self._handbook.companies)

    def _details(self, stop: Stop) -> str:
        when = wording.day_and_time(stop.when) if stop.when else ""
        quick = ""
        if stop.waited is not None and stop.waited <= LONG_WAIT:
            quick = self.tr("after {time}").format(time=wording.waited(stop.waited))
        return " · ".join(
            filter(None, (when, quick, one_line(stop.host, 120) if self._known(stop.host) else ""))
        )


def stops_of(report: BounceReport) -> Sequence[Stop]:
    """Return the stops of the original; none when its Received fields did not come back."""
    return read_stops(report.original.headers) if report.original else ()
