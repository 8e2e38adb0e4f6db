"""What an empty list says: an icon, a title, a sentence, and one button that leads on."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from bounce_assistant.store.rows import CaseQuery, CaseState, SidebarCounts
from bounce_assistant.ui import theme
from bounce_assistant.ui.theme import GAP_8, GAP_12, GAP_16, GAP_24

_LONGEST_TITLE = 45  # characters
_ICON = 48
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Emptiness:
    """The words of an empty list. ``act`` names what the button does."""

    icon: str
    title: str
    sentence: str = ""
    button: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when a list turns out empty."""

    query: CaseQuery
    counts: SidebarCounts
    has_account: bool
    looked_at: int | None  # messages, at the last check; None before the first one
    days: int = 30  # how far back it went
    is_checking: bool = False  # right now
    problem: "Obstacle | None" = None  # of the last check


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an account could not be looked at."""

    words: str
    email: str
    day: str  # of the last look
    is_offline: bool = False
    is_for_sign_in: bool = False


def explain_emptiness(now: Situation) -> Emptiness:
    """Choose the words for an empty list."""
    if now.query.search:
        return Emptiness(
            "search",
            translate("empty", 'No match for "%1"').replace("%1", now.query.search),
            translate("empty", "Search looks at names, addresses, subjects and reasons."),
            translate("empty", "Clear search"),
            "clear_search",
        )
    total = now.counts.needs_you + now.counts.waiting + now.counts.done
    if total == 0:
        return _nothing_at_all(now)
    if now.query.group or now.query.account is not None:
        title = translate("empty", "Nothing here with these filters")
        return Emptiness("inbox", title, "", translate("empty", "Clear filters"), "clear_filters")
    return _empty_view(now)


def _nothing_at_all(now: Situation) -> Emptiness:
    if not now.has_account:
        return Emptiness(
            "mail",
            translate("empty", "No bounces yet"),
            translate("empty", "Connect your email, or drop a bounced email here."),
            translate("empty", "Connect my email"),
            "connect",
        )
    if now.is_checking:
        return Emptiness(
            "mail",
            translate("empty", "Looking for bounces"),
            translate("empty", "Each one appears here as soon as it is found."),
            "",
            "",
        )
    if now.looked_at is None and now.problem:
        return _not_checked(now.problem)
    if now.looked_at is None:
        return Emptiness(
            "mail",
            translate("empty", "Ready when you are"),
            translate("empty", "Your mail hasn't been checked on this computer yet."),
            translate("empty", "Check now"),
            "check",
        )
    one = translate("empty", "We looked at 1 message from the last %1 days and found no bounces.")
    many = translate(
        "empty",
        "We looked at %Ln messages from the last %1 days and found no bounces.",
        "",
        now.looked_at,
    )
    sentence = one if now.looked_at == 1 else many
    return Emptiness(
        "fine",
        translate("empty", "All clear"),
        sentence.replace("%1", str(now.days)),
        translate("empty", "Look further back"),
        "look_further",
    )


def _not_checked(problem: Obstacle) -> Emptiness:
    """Say why nothing was looked at: such an inbox is not clear."""
    if problem.is_offline:
        return Emptiness(
            "offline",
            translate("empty", "You're offline"),
            translate("empty", "You can still open and diagnose saved emails."),
            translate("empty", "Try again"),
            "check",
        )
    first = problem.words.partition(". ")[0].rstrip(".")
    usual = translate("empty", "Your mail couldn't be checked")
    title = first if len(first) <= _LONGEST_TITLE else usual
    if problem.is_for_sign_in:
        stopped = translate("empty", "We stopped checking %1 on %2.")
        sentence = stopped.replace("%1", problem.email).replace("%2", problem.day)
        return Emptiness("account", title, sentence, translate("empty", "Sign in"), "sign_in")
    again = translate("empty", "Try again")
    return Emptiness("unsure", usual, f"{problem.email}: {problem.words}", again, "check")


def _empty_view(now: Situation) -> Emptiness:
    if now.query.state is CaseState.WAITING:
        return Emptiness(
            "waiting",
            translate("empty", "Nothing is waiting"),
            translate("empty", "Snoozed bounces rest here until it's time to look again."),
            translate("empty", "See what needs you"),
            "see_needs_you",
        )
    if now.query.state is CaseState.DONE:
        return Emptiness(
            "done",
            translate("empty", "Nothing is done yet"),
            translate("empty", "Bounces you have dealt with are kept here."),
            translate("empty", "See what needs you"),
            "see_needs_you",
        )
    title = translate("empty", "Nothing needs you")
    if now.counts.waiting:
        waiting = now.counts.waiting
        many = translate("empty", "%n emails are waiting for another try.", "", waiting)
        sentence = (
            translate("empty", "1 email is waiting for another try.") if waiting == 1 else many
        )
        return Emptiness(
            "fine", title, sentence, translate("empty", "See what's waiting"), "see_waiting"
        )
    sentence = translate("empty", "Everything found so far has been dealt with.")
    return Emptiness("fine", title, sentence, translate("empty", "See what's done"), "see_done")


class EmptyState(QWidget):
    """Draws an Emptiness in the middle of the list."""

    act_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Emptiness | None = None
        self._icon = QLabel()
        self._title = QLabel()
        self._sentence = QLabel()
        self.button = QPushButton()
        self.button.clicked.connect(self._on_clicked)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self._sentence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_24, GAP_24, GAP_24, GAP_24)
        column.setSpacing(GAP_8)
        column.addStretch(2)
        for widget, gap in ((self._icon, GAP_8), (self._title, 0), (self._sentence, GAP_12)):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            widget.setWordWrap(True)
            column.addWidget(widget)
            column.addSpacing(gap)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        column.addSpacing(GAP_16)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    @property
    def shown(self) -> Emptiness | None:
        return self._shown

    def show_emptiness(self, what: Emptiness) -> None:
        self._shown = what
        for label, text in ((self._title, what.title), (self._sentence, what.sentence)):
            label.setTextFormat(Qt.TextFormat.PlainText)  # the search is quoted
            label.setText(text)
            label.setVisible(bool(text))
        self.button.setText(what.button)
        self.button.setVisible(bool(what.button))
        self._dress()
        self._fit_icon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_icon()

    def _fit_icon(self) -> None:
        """Leave the icon out where the words would cut it: they say everything."""
        layout = self.layout()
        if layout is None:
            return
        needed = layout.minimumHeightForWidth(self.width())
        if self._icon.isHidden():
            needed += _ICON + GAP_8
        self._icon.setVisible(self.height() >= needed)

    def _dress(self) -> None:
        if self._shown:
            colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
            scale = self.devicePixelRatioF()
            self._icon.setPixmap(theme.pixmap(self._shown.icon, colour, _ICON, scale))

    def _on_clicked(self) -> None:
        if self._shown:
            self.act_requested.emit(self._shown.act)
