"""What a page says anew is scrolled to: on a small screen it may stand below what is seen."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

_SETTLED = 60  # milliseconds in which a page that grew has measured itself


def bring_into_view(part: QWidget) -> None:
    """Scroll the page around a part to it, once the page has room for what it says."""

    def scroll() -> None:
        around = part.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(part, 0, 16)
            around = around.parentWidget()

    QTimer.singleShot(_SETTLED, part, scroll)
