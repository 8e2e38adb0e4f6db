"""The mail of an account that checks pass over, and another try at it."""

from collections.abc import Callable

from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.set_aside import name_of
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.set_aside import SetAsideMail
from bounce_assistant.ui.inbox.checking import check_with
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.offer import Offer

_NAMED = 5  # mails that are named one by one


class PassedOver(Offer):
    """Hidden where there is none. ``say`` shows what came of a try; a problem comes as one."""

    def __init__(
        self,
        account: Account,
        desk: Desk,
        tasks: TaskRunner,
        say: Callable[[str], object],
        say_problem: Callable[[Exception], object],
    ) -> None:
        super().__init__(account.email)
        self._account, self._desk, self._tasks = account, desk, tasks
        self._say, self._say_problem = say, say_problem
        self.button.clicked.connect(self._on_again)
        self.refresh()

    def refresh(self) -> None:
        """Draw what is passed over now."""
        mails = self._desk.store.set_aside.of(AccountId(self._account.id))
        if not mails:
            self.hide()  # never shown by itself: without a parent it would be a window
        one, many = self.tr("Try that mail again"), self.tr("Try those mails again")
        self.button.setText(one if len(mails) == 1 else many)
        if mails:
            self.words.show_words(self._names(mails))

    def _names(self, mails: list[SetAsideMail]) -> str:
        names = "; ".join(name_of(mail) for mail in mails[:_NAMED])
        words = self.tr("Passed over, as the mail server can't hand it out: {names}.")
        if len(mails) > _NAMED:
            words = self.tr(
                "Passed over, as the mail server can't hand it out: {names}; and %n more.",
                "",
                len(mails) - _NAMED,
            )
        return words.format(names=names)

    def _on_again(self) -> None:
        self.button.setEnabled(False)
        self._say(self.tr("Asking for it once more..."))
        account, check = self._account, check_with(self._desk, again=True)
        self._tasks.run(
            self,
            lambda job: check(account, account.since_days, job),
            done=self._on_done,
            failed=self._on_failed,
        )

    def _on_done(self, result: CheckResult) -> None:
        self._settle()
        if result.problem is not None:
            self._say_problem(result.problem)
        elif result.set_aside:
            self._say(result.unread_words)
        else:
            bounces = self.tr("%n bounces found.", "", result.found)
            found = self.tr("1 bounce found.") if result.found == 1 else bounces
            self._say(self.tr("It could be read now. {found}").format(found=found))

    def _on_failed(self, problem: Exception) -> None:
        self._settle()
        self._say_problem(problem)

    def _settle(self) -> None:
        self.button.setEnabled(True)
        self.refresh()
