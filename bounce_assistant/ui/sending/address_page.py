"""Which address should we use? Suggestions first, one's own beside them, each checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer, Signal

from bounce_assistant.checks.recipient import Contact
from bounce_assistant.checks.written import read_address
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.verify_address import (
    AddressCheck,
    AddressQuestion,
    system_names,
    verify_address,
)
from bounce_assistant.services.job import Job
from bounce_assistant.services.sent_people import SentPeople, look_in_sent
from bounce_assistant.store.verdicts import recipient_key
from bounce_assistant.ui.sending.wizard_page import Choices, WizardPage
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Words

_TYPING_PAUSE = 200  # milliseconds without a key before an address is looked at


@dataclass(frozen=True, slots=True)
class Offer:
    """An address that could be the right one, and why."""

    address: str
    because: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer, and whom Sent knew where it was looked in."""

    check: AddressCheck
    sent: SentPeople | None


class AddressPage(WizardPage):
    """While one types nothing leaves the computer; "Check it for me" asks the internet and Sent."""

    chosen = Signal(str, bool)  # the address; whether the person checked with them that it's right

    def __init__(self, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(self.tr("Which address should we use?"))
        self._desk, self._tasks = desk, tasks
        self._old, self._person, self._needs_word = "", "", False
        self._given: tuple[Offer, ...] = ()
        self._contacts: tuple[Contact, ...] = ()  # found in Sent, once that was looked in
        self._has_sent = not desk.is_sample and bool(desk.accounts.list())
        self._job: Job | None = None
        self.check: AddressCheck | None = None
        self.offers = Choices()
        self.field = Field(self.tr("&Email address"))
        self.result = Panel()
        self.verdict, self.sentence = Words(bold=True), Words()
        self.caution = Words(dim=True)
        self.look_up = ActionButton(self.tr("Check it for me"))
        self.stop = ActionButton(self.tr("Stop"))
        self.asks = Words(self._asks(), dim=True)
        self.sure = TickBox(self.tr("I checked with them, it's &right"))
        self.use = MainButton(self.tr("Use this address"))
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._lay_out()
        self._typing.timeout.connect(self._look)
        self.field.changed.connect(self._on_typed)
        self.field.edit.returnPressed.connect(self._on_use)
        self.look_up.clicked.connect(lambda: self._look(ask=True))
        self.stop.clicked.connect(self._on_stop)
        self.sure.toggled.connect(self._show_use)
        self.use.clicked.connect(self._on_use)

    def show_address(
        self, address: str, person: str, *, offers: Sequence[Offer] = (), is_dead: bool
    ) -> None:
        """Begin with an address; ``is_dead``: it takes no mail unless the person knows better."""
        self._old, self._person, self._needs_word = address, person, is_dead
        self._given, self._contacts = tuple(offers), ()
        best = offers[0].address if offers else address
        self.sure.setChecked(False)
        self.field.edit.setText(best)
        self._typing.stop()
        self._look()

    def focus_first(self) -> None:
        self.field.edit.setFocus()
        self.field.edit.selectAll()

    @property
    def address(self) -> str:
        """What would be used: tidied, where that was possible."""
        typed = self.field.text.strip()
        return self.check.address if self.check and self.check.typed == typed else typed

    @property
    def is_same(self) -> bool:
        return recipient_key(self.address) == recipient_key(self._old)

    def _asks(self) -> str:
        """Say what is looked at beyond this computer, before it is."""
        if self._has_sent:
            return self.tr(
                "Asks the internet if it takes mail, and looks in your Sent folder for other"
                " addresses of theirs. Nothing is sent."
            )
        return self.tr("Asks the internet if it takes mail. Nothing is sent.")

    def _lay_out(self) -> None:
        self.rows.addWidget(self.offers)
        self.rows.addWidget(self.field)
        self.result.rows.addWidget(self.verdict)
        self.result.rows.addWidget(self.sentence)
        self.result.rows.addWidget(self.caution)
        asking = Flow()
        for part in (self.look_up, self.stop):
            asking.addWidget(part)
        self.result.rows.addLayout(asking)
        self.result.rows.addWidget(self.asks)
        self.rows.addWidget(self.result)
        self.rows.addWidget(self.sure)
        end = Flow()
        end.addWidget(self.use)
        self.rows.addLayout(end)
        self.rows.addStretch()
        self._show_busy(is_busy=False)

    def _on_typed(self) -> None:
        self.check = None
        self.sure.setChecked(False)
        self._show_use()
        self._typing.start()

    def _look(self, *, ask: bool = False) -> None:
        """Check what is typed; ``ask``: with a question to the internet."""
        if self._job is not None:
            self._job.cancel()
        typed = self.field.text.strip()
        question = AddressQuestion(typed, self._person, self._contacts)
        self._show_busy(is_busy=ask)

        def work(job: Job) -> Checked:
            desk, names, sent = self._desk, None, None
            asked = question
            if ask:
                names = system_names()
                sent = self._look_in_sent(typed, job)
                asked = replace(question, contacts=(), sent=sent)
            check = verify_address(asked, desk.store, desk.knowledge, job, names=names)
            return Checked(check, sent)

        self._job = self._tasks.run(self, work, done=self._on_checked, failed=self._on_refused)

    def _look_in_sent(self, typed: str, job: Job) -> SentPeople | None:
        if not self._has_sent:
            return None
        address, data = read_address(typed).address, self._desk.knowledge.addresses
        return look_in_sent(self._person, address, self._desk.accounts, data, job)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._show_busy(is_busy=False)

    def _on_checked(self, checked: Checked) -> None:
        self._show_busy(is_busy=False)
        check = checked.check
        if checked.sent is not None:
            self._contacts = checked.sent.contacts  # for what is typed or picked from now on
        if check.typed != self.field.text.strip():
            return
        self.check = check
        self.verdict.show_words(check.advice.title)
        self.sentence.show_words("\n".join(check.advice.sentences))
        caution = check.advice.caution if check.looked_up != "no" else ""
        self.caution.show_words(caution)
        self.caution.setVisible(bool(caution))
        self.result.setAccessibleName(f"{check.advice.title}. {check.advice.sentence}")
        self._show_offers(check)
        self._show_use()

    def _on_refused(self, problem: Exception) -> None:
        self._show_busy(is_busy=False)
        self.banner.say_problem(problem)

    def _show_offers(self, check: AddressCheck) -> None:
        """Offer what we know of, the first as recommended; not what is typed already."""
        found = [Offer(each.address, each.because) for each in check.advice.suggestions]
        known = self.tr("Another address of theirs that you wrote to.")
        found += [Offer(each.address, known) for each in check.other_addresses]
        offers = {recipient_key(one.address): one for one in reversed((*self._given, *found))}
        offers.pop(recipient_key(self._old), None)
        first = next((one for one in (*self._given, *found)), None)
        rows = []
        for one in reversed(offers.values()):
            mark = self.tr("Recommended") if one == first else ""
            row = ChoiceRow(one.address, one.because, mark=mark, is_choice=True)
            row.setChecked(recipient_key(one.address) == recipient_key(self.address))
            row.clicked.connect(lambda _=False, a=one.address: self._on_offer(a))
            rows.append(row)
        self.offers.show_rows(rows)

    def _on_offer(self, address: str) -> None:
        self.field.edit.setText(address)
        self._typing.stop()
        self._look()

    def _show_use(self) -> None:
        is_typed = bool(self.field.text.strip())
        needs_word = self._needs_word and self.is_same
        self.sure.setVisible(needs_word)
        is_usable = self.check is None or self.check.is_usable
        self.use.setEnabled(is_typed and is_usable and (not needs_word or self.sure.isChecked()))
        self.result.setVisible(self.check is not None)

    def _show_busy(self, *, is_busy: bool) -> None:
        self.look_up.setEnabled(not is_busy)
        self.stop.setVisible(is_busy)
        words = self.tr("Asking...") if is_busy else self.tr("Check it for me")
        self.look_up.show_text(words)

    def _on_use(self) -> None:
        if self.use.isEnabled():
            self.chosen.emit(self.address, self.sure.isChecked())
