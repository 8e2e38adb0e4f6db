"""One notice for a batch: what a mailing brings back is said together, not one by one."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from bounce_assistant.store.rows import MessageId
from bounce_assistant.ui.tray import Tray

# Milliseconds that news are gathered before they are told: at first, and while more come.
GATHER, GATHER_MORE, GATHER_MOST = 10_000, 60_000, 300_000


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
        self.calm = QTimer(self, singleShot=True, interval=GATHER_MOST)  # since the last notice
        self.calm.timeout.connect(lambda: self.pause.setInterval(GATHER))
        tray.notice_clicked.connect(lambda: self.clicked.emit(self._told))

    def add(self, new: Sequence[MessageId]) -> None:
        """Take in what a check found; it is told a moment later, with what comes until then."""
        self._gathered += new
        if self._gathered and not self.pause.isActive():
            self.calm.stop()
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
        longer = GATHER_MORE if self.pause.interval() < GATHER_MORE else GATHER_MOST
        self.pause.setInterval(longer)  # of a large mailing more will come, for minutes
        self.calm.start()
        self._told, count = tuple(self._gathered), len(self._gathered)
        self._gathered.clear()
        one, many = self.tr("1 email bounced"), self.tr("%n emails bounced", "", count)
        self._tray.say(one if count == 1 else many, self.tr("Click to see why."))
