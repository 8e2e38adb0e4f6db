"""The report before it leaves: what stands on the page, then print it or save it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.ui.paper.document import Document
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.flow import Flow

_GAP = 16


class Sheets(QWidget):
    """The pages, one below the other, as wide as the window."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setAccessibleName(self.tr("Preview"))
        self.setAccessibleDescription(document.words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(560, self.heightForWidth(560))

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        size = self._document.size
        page = (width - 2 * _GAP) * size.height() / size.width()
        return round(self._document.pages * (page + _GAP) + _GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self._document.size
        scale = (self.width() - 2 * _GAP) / size.width()
        for page in range(self._document.pages):
            painter.save()
            painter.translate(_GAP, _GAP + page * (size.height() * scale + _GAP))
            painter.scale(scale, scale)
            painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor("white"))
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRect(QRectF(0, 0, size.width(), size.height()))
            self._document.draw(painter, page)
            painter.restore()


class PreviewDialog(QDialog):
    """``save_list``: writes the list as CSV into the file it is given; None offers no list."""

    def __init__(
        self,
        document: Document,
        tasks: TaskRunner,
        parent: QWidget | None = None,
        *,
        save_list: Callable[[Path], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._tasks, self._save_list = document, tasks, save_list
        self.setWindowTitle(document.title)
        self.banner = Banner()
        self.sheets = Sheets(document)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.sheets)
        self.save = MainButton(self.tr("Save as PDF..."))
        self.save.clicked.connect(self._on_save)
        self.table = ActionButton(self.tr("Save the list as CSV..."))
        self.table.setVisible(save_list is not None)
        self.table.clicked.connect(self._on_table)
        self.print = ActionButton(self.tr("Print..."))
        self.print.clicked.connect(self._on_print)
        close = ActionButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        acts = Flow()
        for button in (self.save, self.table, self.print):
            acts.addWidget(button)
        end = QHBoxLayout()
        end.setContentsMargins(16, 8, 16, 16)
        end.addLayout(acts, 1)
        end.addWidget(close, 0, Qt.AlignmentFlag.AlignBottom)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.banner)
        rows.addWidget(area, 1)
        rows.addLayout(end)
        self.resize(680, 760)

    def _on_save(self) -> None:
        name = self.tr("Bounce report.pdf")
        self._write(name, self.tr("PDF (*.pdf)"), self._document.write_pdf)

    def _on_table(self) -> None:
        if self._save_list is not None:
            self._write(self.tr("Bounces.csv"), self.tr("CSV (*.csv)"), self._save_list)

    def _on_print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - seldom wanted

        printer = QPrinter()
        printer.setPageLayout(self._document.layout())
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self._print_on(printer))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _print_on(self, printer: object) -> None:
        from PySide6.QtGui import QPagedPaintDevice  # noqa: PLC0415 - see above

        if isinstance(printer, QPagedPaintDevice) and self._document.paint_on(printer):
            self.banner.say(self.tr("Sent to the printer."), group="fine")
        else:
            self.banner.say(self.tr("The printer didn't take it. Save it as PDF instead."))

    def _write(self, name: str, kind: str, write: Callable[[Path], object]) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, self.windowTitle(), name, kind)
        if chosen:
            self.write_to(Path(chosen), write)

    def write_to(self, path: Path, write: Callable[[Path], object]) -> None:
        """Write a file beside the window and say so, or why not."""
        words = self.tr("Saved as {name}.").format(name=path.name)
        self._tasks.run(
            self,
            lambda _job: write(path),
            done=lambda _written: self.banner.say(words, group="fine"),
            failed=self.banner.say_problem,
        )
