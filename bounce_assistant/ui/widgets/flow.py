"""A row of controls that wraps onto a second line where the window is narrow."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Keeps the order of its widgets; mirrors itself where text runs from right to left."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: N802 - Qt's name
        super().setGeometry(area)
        self._arrange(area, move=True)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() + self._gap for item in shown) - self._gap
        return QSize(max(0, width), max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, area: QRect, *, move: bool) -> int:
        """Place the items line by line, each in the middle of its line; return the height."""
        y = 0
        for line in self._lines(area.width()):
            height = max(item.sizeHint().height() for item, _x, _width in line)
            for item, x, width in line if move else ():
                own = item.sizeHint().height()
                left = area.width() - x - width if _is_mirrored() else x
                corner = area.topLeft() + QPoint(left, y + (height - own) // 2)
                item.setGeometry(QRect(corner, QSize(width, own)))
            y += height + self._gap
        return max(0, y - self._gap)

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, int, int]]]:
        """Return the lines: items with their place and width."""
        lines: list[list[tuple[QLayoutItem, int, int]]] = []
        x = 0
        for item in self._shown():
            width = min(item.sizeHint().width(), room)
            if not lines or x + width > room:
                lines.append([])
                x = 0
            lines[-1].append((item, x, width))
            x += width + self._gap
        return lines


def _is_mirrored() -> bool:
    return QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
