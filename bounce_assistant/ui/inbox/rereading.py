"""After an update: kept mail is diagnosed again beside the window, and says so when it lasts."""

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from bounce_assistant.services.cases import Cases
from bounce_assistant.ui.inbox.progress import CheckProgress
from bounce_assistant.ui.tasks import TaskRunner

_QUICK = 1000  # milliseconds; what is over by then shows no progress


class Rereading(QObject):
    """Runs once; stopped, it starts over with the next window."""

    finished = Signal()  # also when stopped: what was read by then counts

    def __init__(
        self, cases: Cases, tasks: TaskRunner, panel: CheckProgress, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._line = self.tr("Reading your bounces with better rules")
        panel.start([self._line])
        self._appear = QTimer(self, singleShot=True, interval=_QUICK)
        self._appear.timeout.connect(panel.show)
        self._appear.start()
        self._job = tasks.run(
            panel, cases.rediagnose, done=lambda _changed: self._end(), progress=self._on_progress
        )
        panel.stop_requested.connect(self._on_stop)

    def _on_progress(self, done: int, total: int, _words: str) -> None:
        locale = QLocale()
        counted = self.tr("%1 of %2 read").replace("%1", locale.toString(done))
        words = counted.replace("%2", locale.toString(total))
        self._panel.show_step(self._line, done, total, words)

    def _on_stop(self) -> None:
        self._job.cancel()
        self._end()

    def _end(self) -> None:
        self._appear.stop()
        self._panel.hide()
        self.finished.emit()
