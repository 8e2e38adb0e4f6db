"""A check that runs: one line per account with its own state, a bar in words, and Stop."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.ui.theme import GAP_8, GAP_12, GAP_16
from bounce_assistant.ui.widgets.dot import Dot


@dataclass(slots=True)
class _Line:
    dot: Dot
    name: QLabel
    words: QLabel
    row: int  # of the grid
    done: int = 0
    total: int = 0


class CheckProgress(QFrame):
    """Shown in place while accounts are checked or files are read."""

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, _Line] = {}
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self._on_stop)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GAP_8)
        self._grid.setVerticalSpacing(GAP_8)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout()
        column.setSpacing(GAP_8)
        column.addLayout(self._grid)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_16, GAP_8, GAP_16, GAP_12)
        row.setSpacing(GAP_16)
        row.addLayout(column, 1)
        row.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.hide()

    def start(self, names: list[str]) -> None:
        """Begin with one line for each name: an account's address, or what is read."""
        self._clear()
        for name in names:
            self.add(name)
        self.bar.setRange(0, 0)
        self.stop_button.setEnabled(True)
        self.stop_button.setText(self.tr("Stop"))

    def add(self, name: str) -> None:
        """Give a name a line, or begin with its line anew."""
        if name in self._lines:
            line = self._lines[name]
            line.done = line.total = 0
            line.dot.set_state("waiting")
            line.words.setText(self.tr("starting"))
            return
        row = 1 + max((each.row for each in self._lines.values()), default=-1)
        line = _Line(Dot(), QLabel(name), QLabel(self.tr("starting")), row)
        line.name.setTextFormat(Qt.TextFormat.PlainText)
        line.words.setTextFormat(Qt.TextFormat.PlainText)
        line.words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for column, part in enumerate((line.dot, line.name, line.words)):
            self._grid.addWidget(part, row, column)
        self._lines[name] = line

    def remove(self, name: str) -> None:
        """Take a line away: nobody waits for it any more."""
        line = self._lines.pop(name)
        for part in (line.dot, line.name, line.words):
            self._grid.removeWidget(part)
            part.deleteLater()

    def show_step(self, name: str, done: int, total: int, words: str) -> None:
        """Draw how far one line is; the bar shows all of them together."""
        line = self._lines[name]
        line.done, line.total = done, total
        line.dot.set_state("running")
        line.words.setText(words)
        whole = sum(each.total for each in self._lines.values())
        self.bar.setRange(0, whole)
        self.bar.setValue(sum(each.done for each in self._lines.values()))

    def show_end(self, name: str, words: str, *, is_problem: bool = False) -> None:
        line = self._lines[name]
        line.done = line.total
        line.dot.set_state("problem" if is_problem else "done")
        line.words.setText(words)

    def words(self, name: str) -> str:
        return self._lines[name].words.text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def _on_stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.stop_button.setText(self.tr("Stopping..."))
        self.stop_requested.emit()

    def _clear(self) -> None:
        self._lines.clear()
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
