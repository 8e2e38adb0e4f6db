"""One notice for a batch: what a mailing brings back within a minute is said together."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from bounce_assistant.store.rows import MessageId
from bounce_assistant.ui.tray import Tray

GATHER = 10_000  # milliseconds; a mailing's bounces come in over some seconds


class Notices(QObject):
    """Tells through the tray's icon how many emails bounced, and which they were when clicked."""

    clicked = Signal(object)  # tuple of MessageId: what the notice was about

    def __init__(self, tray: Tray, parent: QObject) -> None:
        super().__init__(parent)
        self._tray = tray
        self._gathered: list[MessageId] = []
        self._told: tuple[MessageId, ...] = ()
        self.pause = QTimer(self, singleShot=True, interval=GATHER)
        self.pause.timeout.connect(self._tell)
        tray.notice_clicked.connect(lambda: self.clicked.emit(self._told))

    def add(self, new: Sequence[MessageId]) -> None:
        """Take in what a check found; it is told a moment later, with what comes until then."""
        self._gathered += new
        if self._gathered and not self.pause.isActive():
            self.pause.start()

    def answer(self, new: Sequence[MessageId], words: str = "") -> None:
        """Tell at once, to somebody who asked for a check and sees no window.

        ``words``: what was in the way of it.
        """
        self._gathered += new
        if self._gathered:
            self._tell()
        else:
            self._told = ()
            none = self.tr("No new bounces")
            self._tray.say(self.tr("Mail not checked") if words else none, words)

    def _tell(self) -> None:
        self.pause.stop()
        self._told, count = tuple(self._gathered), len(self._gathered)
        self._gathered.clear()
        one, many = self.tr("1 email bounced"), self.tr("%n emails bounced", "", count)
        self._tray.say(one if count == 1 else many, self.tr("Click to see why."))
