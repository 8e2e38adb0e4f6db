"""Three panes; in a narrow window the sidebar shrinks first, then reading goes below."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bounce_assistant.ui.inbox.sidebar import COLLAPSED_WIDTH, Sidebar
from bounce_assistant.ui.memory import WindowMemory

SIDEBAR = (180, 220, 260)  # pixels at a usual text size: least, first, most
LIST = (320, 400, 420)
READING = 440
_LETTER = 7  # pixels of an average letter at a usual text size
_HANDLE = 1


class Panes(QWidget):
    """Sidebar, list and reading pane; splitters keep their place between runs."""

    def __init__(
        self, sidebar: Sidebar, rows: QWidget, reading: QWidget, memory: WindowMemory
    ) -> None:
        super().__init__()
        self._sidebar, self._rows, self._reading, self._memory = sidebar, rows, reading, memory
        self.inner = QSplitter(Qt.Orientation.Horizontal)
        self.inner.addWidget(rows)
        self.inner.addWidget(reading)
        self.outer = QSplitter(Qt.Orientation.Horizontal)
        self.outer.addWidget(sidebar)
        self.outer.addWidget(self.inner)
        for splitter in (self.inner, self.outer):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(_HANDLE)
            splitter.setStretchFactor(0, 0)
            splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.outer)
        self._sidebar_width = (memory.sizes("panes/sidebar") or [SIDEBAR[1]])[0]
        self._list_width = (memory.sizes("panes/list") or [LIST[1]])[0]
        self._shape: tuple[bool, bool] | None = None
        self._is_list_alone = False
        self.outer.splitterMoved.connect(self._on_sidebar_moved)
        self.inner.splitterMoved.connect(self._on_list_moved)

    @property
    def scale(self) -> float:
        """Say how much larger than usual the text is; 2.0 at 200 %."""
        return max(1.0, self.fontMetrics().averageCharWidth() / _LETTER)

    @property
    def is_stacked(self) -> bool:
        return self.inner.orientation() == Qt.Orientation.Vertical

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Fit the panes to the width there is, in steps of the text size."""
        width, scale = self.width(), self.scale
        collapsed = width < (SIDEBAR[0] + LIST[0] + READING + 40) * scale
        stacked = width < COLLAPSED_WIDTH + (LIST[0] + READING) * scale
        self._size_sidebar(collapsed=collapsed, scale=scale)
        self._size_list(stacked=stacked, scale=scale)
        if (collapsed, stacked) != self._shape:
            self._shape = (collapsed, stacked)
            self._place(collapsed=collapsed, stacked=stacked)

    def show_list_alone(self, *, is_alone: bool) -> None:
        """Give an empty list's words the reading pane's place too: there is nothing to read."""
        if is_alone != self._is_list_alone:
            self._is_list_alone, self._shape = is_alone, None
            self._reading.setVisible(not is_alone)
            self.arrange()

    def keep(self) -> None:
        """Remember the widths for the next run."""
        self._memory.keep_sizes("panes/sidebar", [self._sidebar_width])
        self._memory.keep_sizes("panes/list", [self._list_width])

    def _size_sidebar(self, *, collapsed: bool, scale: float) -> None:
        self._sidebar.collapse(to_icons=collapsed)
        if collapsed:
            self._sidebar.setFixedWidth(COLLAPSED_WIDTH)
        else:
            self._sidebar.setMinimumWidth(int(SIDEBAR[0] * scale))
            self._sidebar.setMaximumWidth(int(SIDEBAR[2] * scale))

    def _size_list(self, *, stacked: bool, scale: float) -> None:
        if self._is_list_alone:
            self._rows.setMinimumSize(240, 140)
            self._rows.setMaximumWidth(16777215)
        elif stacked:
            self._rows.setMinimumSize(240, 140)
            self._rows.setMaximumWidth(16777215)
            self._reading.setMinimumSize(240, 160)
        else:
            self._rows.setMinimumSize(int(LIST[0] * scale), 0)
            self._rows.setMaximumWidth(int(LIST[2] * scale))
            self._reading.setMinimumSize(int(READING * scale), 0)

    def _place(self, *, collapsed: bool, stacked: bool) -> None:
        wanted = Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal
        self.inner.setOrientation(wanted)
        left = COLLAPSED_WIDTH if collapsed else int(self._sidebar_width * self.scale)
        right = self.width() - left
        self.outer.setSizes([left, right])
        if stacked:
            self.inner.setSizes([self.height() * 2 // 5, self.height() * 3 // 5])
        else:
            wide = int(self._list_width * self.scale)
            self.inner.setSizes([wide, right - wide])

    def _on_sidebar_moved(self) -> None:
        if not self._sidebar.is_collapsed:
            self._sidebar_width = round(self._sidebar.width() / self.scale)

    def _on_list_moved(self) -> None:
        if not self.is_stacked:
            self._list_width = round(self._rows.width() / self.scale)
