"""What the user brings: drops, pastes and opened files go in here, and the words come out."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from bounce_assistant.errors import AppError
from bounce_assistant.services.intake import Intake
from bounce_assistant.ui.inbox.adding import Adding
from bounce_assistant.ui.inbox.bands import Band, BandStack
from bounce_assistant.ui.inbox.drop_overlay import Dropped, read_dropped

_KEY = "incoming"  # one band at a time: the newest is about what was just brought
_WRONG = "wrong files"  # but what is no mail at all is not forgotten over what could be read
_PREVIEW = 60  # letters of pasted words that a question quotes


class Incoming(QObject):
    """Sorts what was brought, starts the diagnosis, and says what could not be read."""

    cases_added = Signal(list)  # CaseId, in the order read; empty when nothing could be read
    stopped = Signal()
    help_requested = Signal()

    def __init__(self, adding: Adding, bands: BandStack, parent: QObject) -> None:
        super().__init__(parent)
        self._adding, self._bands = adding, bands
        adding.added.connect(self._on_added)
        adding.stopped.connect(self.stopped)
        adding.refused.connect(self._on_refused)

    def take(self, data: QMimeData) -> None:
        """Take what was dropped on the window."""
        dropped = read_dropped(data)
        if dropped.is_empty:
            words = self.tr(
                "That program didn't hand over the email. Save it as a file first, then drop the"
                " file."
            )
            self._say("later", words, (self.tr("Show me how"), self.help_requested.emit))
            return
        self._bands.remove(_KEY)
        self._take(dropped)

    def paste(self) -> None:
        """Offer to diagnose what was copied; files are taken without a question."""
        copied = self._copied()
        if copied.text:
            self._offer(copied.text)
        elif not copied.is_empty:
            self._take(copied)

    def paste_now(self) -> None:
        """Diagnose what was copied."""
        copied = self._copied()
        if not copied.is_empty:
            self._bands.remove(_KEY)
            self._take(copied)

    def add_paths(self, paths: tuple[str, ...]) -> None:
        """Diagnose files that were opened or named."""
        self._bands.remove(_KEY)
        if paths:
            self._adding.add_paths(paths)

    def add_words(self, text: str) -> None:
        """Diagnose words: a whole message, or what a server said."""
        self._bands.remove(_KEY)
        self._adding.add_words(text)

    def _copied(self) -> Dropped:
        copied = read_dropped(QGuiApplication.clipboard().mimeData())
        if copied.is_empty:
            words = self.tr("There is no text to diagnose. Copy the words of the bounce first.")
            self._say("unsure", words)
        return copied

    def _take(self, dropped: Dropped) -> None:
        self._bands.remove(_WRONG)
        if dropped.wrong:
            words = self.tr(
                "We can't read %1 files. Save the email as .eml or copy its text and paste it here."
            )
            words = words.replace("%1", ", ".join(dropped.wrong))
            self._bands.show_band(_WRONG, Band("later", "unsure", words, can_close=True))
        if dropped.paths:
            self._adding.add_paths(dropped.paths)
        elif dropped.text:
            self._adding.add_words(dropped.text)

    def _offer(self, text: str) -> None:
        first = " ".join(text.split())
        quoted = first if len(first) <= _PREVIEW else f"{first[:_PREVIEW].rstrip()}..."
        words = self.tr("Diagnose the text you copied?") + f'  "{quoted}"'

        diagnose = (self.tr("Diagnose"), lambda: self.add_words(text))
        band = self._say("setup", words, diagnose)
        band.buttons[0].setFocus()

    def _on_added(self, intake: Intake) -> None:
        self.cases_added.emit(list(intake.cases))
        self.show_unread(intake)

    def show_unread(self, intake: Intake) -> None:
        """Say what could not be read, if anything; several files lead to the one."""
        if not intake.unread:
            return
        if intake.total == 1:
            paste = (self.tr("Paste the text instead"), self.paste)
            self._say("later", intake.unread[0].problem, paste)
            return
        left = len(intake.unread)
        one = self.tr("%1 of %2 read, 1 couldn't be read")
        many = self.tr("%1 of %2 read, %n couldn't be read", "", left)
        words = one if left == 1 else many
        words = words.replace("%1", str(intake.read)).replace("%2", str(intake.total))
        show = self.tr("Show it") if left == 1 else self.tr("Show them")
        self._say("later", words, (show, lambda: self._show_unread(words, intake)))

    def _show_unread(self, words: str, intake: Intake) -> None:
        lines = [f"{unread.file}: {unread.problem}" for unread in intake.unread]
        self._say("later", "\n".join((words, *lines)))

    def _on_refused(self, problem: AppError) -> None:
        self._say("later", str(problem))

    def _say(self, group: str, words: str, *buttons: tuple[str, Callable[[], object]]) -> Band:
        icon = "mail" if group == "setup" else "unsure"
        band = Band(group, icon, words, buttons, can_close=True)
        self._bands.show_band(_KEY, band)
        return band
