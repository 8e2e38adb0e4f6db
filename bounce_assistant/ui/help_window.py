"""Help for the program, from the shipped pages; and the list of keys."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant import resources
from bounce_assistant.ui.theme import GAP_8, GAP_24

_LEAST_LIST = 260  # pixels


class HelpWindow(QDialog):
    """Titles on the left, the page on the right. Links lead to other pages only."""

    def __init__(self, page: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Bounce Assistant - Help"))
        self._pages = resources.read_texts("help", ".md")
        self._names = list(self._pages)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Help pages"))
        self._list.addItems([_title(name, text) for name, text in self._pages.items()])
        height = self._list.fontMetrics().height() + 2 * GAP_8  # rows are measured unstyled
        for number in range(self._list.count()):
            self._list.item(number).setSizeHint(QSize(0, height))
        self._list.setFixedWidth(max(_LEAST_LIST, _widest(self._list) + 6 * GAP_8))
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setProperty("kind", "contents")
        self._text = QTextBrowser()
        self._text.setAccessibleName(self.tr("Help"))
        self._text.setOpenLinks(False)
        self._text.document().setDocumentMargin(GAP_24)
        self._text.anchorClicked.connect(self._on_link)
        self._list.currentRowChanged.connect(self._on_row)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addWidget(self._text, 1)
        self.resize(860, 600)
        self.show_page(page)

    @property
    def text(self) -> str:
        return self._text.toPlainText()

    def show_page(self, page: str) -> None:
        """Open a page by its file name without ``.md``; the first for one there is not."""
        if self._names:
            self._list.setCurrentRow(self._names.index(page) if page in self._pages else 0)

    def _on_row(self, number: int) -> None:
        self._text.setMarkdown(self._pages[self._names[number]])

    def _on_link(self, link: QUrl) -> None:
        page = link.path().rpartition("/")[2].removesuffix(".md")
        if link.isRelative() and page in self._pages:
            self.show_page(page)


def _widest(titles: QListWidget) -> int:
    """Return the width of the longest title, in pixels."""
    words = (titles.item(number).text() for number in range(titles.count()))
    return max((titles.fontMetrics().horizontalAdvance(one) for one in words), default=0)


class ShortcutsDialog(QDialog):
    """Every key the window knows, beside what it does."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_24)
        grid.setVerticalSpacing(GAP_8)
        rows = [(_keys(action), action.text().replace("&", "")) for action in actions]
        rows += [("J / K", self.tr("Next / previous bounce in the list"))]
        half = (len(rows) + 1) // 2
        for number, (keys, words) in enumerate(rows):
            column = 0 if number < half else 2
            key = QLabel(keys)
            font = key.font()
            font.setBold(True)
            key.setFont(font)
            grid.addWidget(key, number % half, column)
            grid.addWidget(QLabel(words), number % half, column + 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(GAP_24, GAP_24, GAP_24, GAP_24)
        column_layout.setSpacing(GAP_24)
        column_layout.addLayout(grid)
        column_layout.addWidget(buttons)


def _keys(action: QAction) -> str:
    shape = QKeySequence.SequenceFormat.NativeText
    return " / ".join(keys.toString(shape) for keys in action.shortcuts())


def _title(name: str, text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return first.lstrip("# ").strip() if first.startswith("#") else name.replace("-", " ")
