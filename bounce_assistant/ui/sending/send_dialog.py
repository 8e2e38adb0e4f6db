"""The sending flow: which address, which text, what time; the review page; and then it goes."""

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.make_smaller import size_limit_for
from bounce_assistant.services.fixes.plain_version import plain_version
from bounce_assistant.services.fixes.resend import Order, Review, is_dead
from bounce_assistant.services.letters import Letter
from bounce_assistant.services.standing import day_and_hour, standing_of
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.sending.address_page import AddressPage, Offer
from bounce_assistant.ui.sending.parts_page import PartsPage
from bounce_assistant.ui.sending.review_page import ReviewPage
from bounce_assistant.ui.sending.shown_page import ShownPage
from bounce_assistant.ui.sending.text_page import TextPage
from bounce_assistant.ui.sending.time_page import TimePage
from bounce_assistant.ui.sending.wizard_page import WizardPage, size_window
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.theme import set_icon
from bounce_assistant.ui.widgets.buttons import ActionButton, LinkButton
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.words import Words


class Start(StrEnum):
    """What the flow begins with; playbooks name these."""

    ADDRESS = "fix_address"
    REVIEW = "send_again"
    LATER = "retry"
    SMALLER = "smaller"
    PLAIN = "plain"


class SendDialog(QDialog):
    """Back keeps what was chosen. Nothing is stored or sent before the last button says so."""

    sent = Signal(object)  # tuple of OutgoingId
    connect_wanted = Signal()
    remind_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        case: OpenCase,
        start: Start,
        order: Order,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._case, self._start = desk, tasks, case, start
        self._order = order
        self._review: Review | None = None
        self._letter = desk.resend.letter(case.id)
        if start is Start.PLAIN and self._letter.is_whole:
            self._order = replace(order, letter=plain_version(self._letter))
        self._way: list[WizardPage] = []
        self.address_page, self.text_page = AddressPage(desk, tasks), TextPage(desk, tasks)
        self.parts_page, self.time_page = PartsPage(tasks), TimePage()
        self.review_page, self.shown_page = ReviewPage(), ShownPage()
        self.place = Words(dim=True)
        self.back = LinkButton(self.tr("Back"))
        set_icon(self.back, "back")
        self.cancel = ActionButton(self.tr("Cancel"))
        self._stack = QStackedWidget()
        self._sheets: dict[WizardPage, Page] = {}
        self._plan = self._planned()
        self._lay_out()
        self._connect()
        self._begin()

    @property
    def page(self) -> WizardPage:
        """The page that is shown."""
        return self._way[-1]

    @property
    def order(self) -> Order:
        """What is chosen so far."""
        return self._order

    def _planned(self) -> list[WizardPage]:
        """Return the pages that this flow leads through, for "Step 1 of 3"."""
        asks = self._start is Start.ADDRESS or (is_dead(self._case) and not self._order.to)
        pages: list[WizardPage] = [self.address_page] if asks else []
        if not self._letter.is_whole and self._order.letter is None:
            pages.append(self.text_page)
        elif self._start is Start.SMALLER:
            pages.append(self.parts_page)
        return [*pages, self.review_page]

    def _begin(self) -> None:
        names = {
            Start.ADDRESS: self.tr("Fix the address"),
            Start.SMALLER: self.tr("Send a smaller one"),
            Start.LATER: self.tr("Try again later"),
            Start.PLAIN: self.tr("Send a plain version"),
        }
        self.setWindowTitle(names.get(self._start, self.tr("Send again")))
        self._next(None)

    def _next(self, after: WizardPage | None) -> None:
        """Go to the planned page that comes next; from a side page, to the review."""
        left = self._plan[self._plan.index(after) + 1 :] if after in self._plan else self._plan
        is_aside = after is not None and (after not in self._plan or self.review_page in self._way)
        self._go(self.review_page if is_aside else left[0])

    def _go(self, page: WizardPage) -> None:
        if page in self._way:
            self._way = self._way[: self._way.index(page)]
        self._way.append(page)
        self._fill(page)
        self._stack.setCurrentWidget(self._sheets[page])
        self._sheets[page].verticalScrollBar().setValue(0)
        self.back.setVisible(len(self._way) > 1)
        number = self._plan.index(page) + 1 if page in self._plan else 0
        words = self.tr("Step {n} of {all}").format(n=number, all=len(self._plan))
        self.place.show_words(words if number and len(self._plan) > 1 else "")
        self.cancel.show_text(self.tr("Close") if page is self.shown_page else self.tr("Cancel"))
        page.focus_first()

    def _fill(self, page: WizardPage) -> None:
        case = self._case
        letter = self._order.letter or self._letter
        if page is self.address_page and not self.address_page.field.text:
            dead = is_dead(case)
            address = self._order.to or case.row.address
            self.address_page.show_address(
                address, case.row.name, offers=_offers(case), is_dead=dead
            )
        elif page is self.text_page:
            self.text_page.show_letter(case.id, letter)
        elif page is self.parts_page:
            self.parts_page.show_letter(letter, size_limit_for(case, recipient=self._order.to))
        elif page is self.time_page:
            self.time_page.show_time(self._order.due_at)
        elif page is self.review_page:
            self._show_review()

    def _show_review(self) -> None:
        """Work the review page out beside the window."""
        order = self._order
        self._tasks.run(
            self,
            lambda _job: self._desk.resend.review(order),
            done=self._on_reviewed,
            failed=self.review_page.banner.say_problem,
        )

    def _on_reviewed(self, review: Review) -> None:
        self._review = review
        account = self._desk.accounts.find(review.sender.rpartition("<")[2].rstrip(">"))
        meter = self._desk.outbox.meter(account).words if account else ""
        is_sample = self._desk.is_sample
        can_send = review.would_be_sent if is_sample else review.can_be_sent
        self.review_page.show_review(review, self._commit_words(), meter=meter, can_send=can_send)
        self.review_page.show_lead(self._sent_before())
        needs_account = bool(review.locked) and account is None and not is_sample
        self.review_page.show_ways_out(
            connect=needs_account, remind=bool(review.locked) and order_is_later(self._order)
        )
        self.review_page.focus_first()

    def _sent_before(self) -> str:
        """Say that it went out again already, and what is known of that."""
        messages = self._desk.outbox.of_case(self._case.id)
        if not messages or messages[-1].state is not OutgoingState.SENT:
            return ""
        words = standing_of(messages, datetime.now(UTC)).words
        return self.tr("It went out again already: {words}.").format(words=words)

    def _commit_words(self) -> str:
        words, due = self.tr("Send to 1 person"), self._order.due_at
        return f"{words} {day_and_hour(due, datetime.now(UTC))}" if due else words

    def _take(self, page: WizardPage, order: Order) -> None:
        self._order = order
        self._next(page)

    def _on_letter(self, page: WizardPage, letter: Letter) -> None:
        wanted = plain_version(letter) if self._start is Start.PLAIN else letter
        self._take(page, replace(self._order, letter=wanted))

    def _on_change(self, what: str) -> None:
        pages: dict[str, WizardPage] = {
            "to": self.address_page,
            "text": self.text_page,
            "parts": self.parts_page,
            "time": self.time_page,
        }
        page = pages[what]
        self._way = [one for one in self._way if one not in (page, self.review_page)]
        self._way += [self.review_page]
        self._go(page)

    def _on_send(self) -> None:
        review = self._review
        if review is None or not self.review_page.send.isEnabled():
            return
        if self._desk.is_sample:
            self.shown_page.show_review(review)
            self._go(self.shown_page)
            return
        self.review_page.send.setEnabled(False)
        self._tasks.run(
            self,
            lambda _job: self._desk.resend.send([review]),
            done=self._on_sent,
            failed=self._on_refused,
        )

    def _on_sent(self, messages: object) -> None:
        self.sent.emit(messages)
        self.accept()

    def _on_refused(self, problem: Exception) -> None:
        self.review_page.banner.say_problem(problem)
        self._show_review()

    def _connect(self) -> None:
        self.back.clicked.connect(self._on_back)
        self.cancel.clicked.connect(self.reject)
        self.address_page.chosen.connect(
            lambda to, sure: self._take(
                self.address_page, replace(self._order, to=to, is_checked=sure)
            )
        )
        for page in (self.text_page, self.parts_page):
            page.chosen.connect(lambda letter, p=page: self._on_letter(p, letter))
        self.parts_page.text_wanted.connect(lambda: self._on_change("text"))
        self.time_page.chosen.connect(
            lambda due: self._take(self.time_page, replace(self._order, due_at=due))
        )
        review = self.review_page
        review.change_wanted.connect(self._on_change)
        review.subject_changed.connect(
            lambda subject: self._take(review, replace(self._order, subject=subject))
        )
        review.assured.connect(
            lambda sure: self._take(review, replace(self._order, is_checked=sure))
        )
        review.send_wanted.connect(self._on_send)
        review.connect_wanted.connect(self._on_connect)
        review.remind_wanted.connect(self._on_remind)

    def _on_connect(self) -> None:
        self.reject()
        self.connect_wanted.emit()

    def _on_remind(self) -> None:
        self.reject()
        self.remind_wanted.emit()

    def _on_back(self) -> None:
        if len(self._way) > 1:
            self._way.pop()
            self._go(self._way.pop())

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 0)
        top.addWidget(self.back)
        top.addWidget(self.place, 1)
        pages = (self.address_page, self.text_page, self.parts_page)
        for page in (*pages, self.time_page, self.review_page, self.shown_page):
            sheet = Page()
            sheet.rows.addWidget(page)
            self._sheets[page] = sheet
            self._stack.addWidget(sheet)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(top)
        rows.addWidget(self._stack, 1)
        rows.addLayout(end_row(self.cancel))
        size_window(self, 620, 680)


def order_is_later(order: Order) -> bool:
    """Tell whether it is for a later time, so that a reminder can stand in for it."""
    return order.due_at is not None


def _offers(case: OpenCase) -> list[Offer]:
    """Return the addresses that the diagnosis itself names."""
    slots = dict(case.diagnosis.slots)
    local = case.row.address.rpartition("@")[0]
    offers = []
    if new := slots.get("new_address"):
        offers.append(Offer(new, "The reply names it. Make sure that it looks like theirs."))
    if (domain := slots.get("suggestion")) and local:
        offers.append(Offer(f"{local}@{domain}", f'"{domain}" is one slip away.'))
    return offers
