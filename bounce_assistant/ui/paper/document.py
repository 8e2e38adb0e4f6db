"""Words on pages: laid out for a paper size, written as PDF, or drawn for a look."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from bounce_assistant.services.export import not_written

_MARGIN = 48  # points, RFC 8118's unit of a PDF page
_POINTS = 72  # to an inch
_LETTER = frozenset({QLocale.Country.UnitedStates, QLocale.Country.Canada, QLocale.Country.Mexico})


class Document:
    """One text set on pages; black on white whatever the window looks like."""

    def __init__(self, html: str, title: str) -> None:
        self.title = title
        is_letter = QLocale().territory() in _LETTER
        page = QPageSize.PageSizeId.Letter if is_letter else QPageSize.PageSizeId.A4
        self._page = QPageSize(page)
        self.size: QSizeF = self._page.size(QPageSize.Unit.Point)
        self._text = QTextDocument()
        self._text.setDefaultFont(QFont("Sans Serif", 10))
        self._text.setDocumentMargin(0)
        inner = QSizeF(self.size.width() - 2 * _MARGIN, self.size.height() - 2 * _MARGIN)
        self._inner = inner
        self._text.setHtml(html)
        self._text.setPageSize(inner)

    @property
    def pages(self) -> int:
        return self._text.pageCount()

    @property
    def words(self) -> str:
        return self._text.toPlainText()

    def draw(self, painter: QPainter, page: int) -> None:
        """Draw a page, from 0, at 72 points to the inch, its corner at the origin."""
        painter.save()
        painter.translate(_MARGIN, _MARGIN - page * self._inner.height())
        area = QRectF(0, page * self._inner.height(), self._inner.width(), self._inner.height())
        painter.setClipRect(area)
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette(context.palette)
        palette.setColor(QPalette.ColorRole.Text, QColor("black"))
        context.palette = palette
        context.clip = area
        self._text.documentLayout().draw(painter, context)
        painter.restore()

    def write_pdf(self, path: Path) -> None:
        """Write the pages as a PDF file; AppError when the file can't be written."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(self.title)
        writer.setCreator("Bounce Assistant")
        writer.setPageLayout(self.layout())
        self.paint_on(writer)
        try:
            path.write_bytes(buffer.data().data())
        except OSError as problem:
            raise not_written(path, problem) from problem

    def layout(self) -> QPageLayout:
        """Return the paper, with margins that the document sets itself."""
        upright = QPageLayout.Orientation.Portrait
        return QPageLayout(self._page, upright, QMarginsF(), QPageLayout.Unit.Point)

    def paint_on(self, device: QPagedPaintDevice) -> bool:
        """Paint all pages on a printer or a PDF; tell whether that could be begun."""
        painter = QPainter()
        if not painter.begin(device):
            return False
        scale = device.logicalDpiX() / _POINTS
        painter.scale(scale, scale)
        for page in range(self.pages):
            if page:
                device.newPage()
            self.draw(painter, page)
        return painter.end()
