"""The status bar: when mail was last checked; never the only copy of a problem."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QStatusBar

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.accounts import provider_of
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.accounts import LastCheck
from bounce_assistant.store.rows import AccountId
from bounce_assistant.ui.models.times import moment
from bounce_assistant.ui.theme import GAP_16
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.words import align_leading


def last_check(desk: Desk) -> tuple[datetime, int] | None:
    """Return when an inbox was last looked through, and how many messages were looked at so far."""
    checks = [desk.store.accounts.last_check(AccountId(a.id)) for a in desk.accounts.list()]
    times = [check.at for check in checks if check.at is not None]
    return (max(times), sum(check.looked_at for check in checks)) if times else None


def last_problems(desk: Desk, *, with_offline: bool = True) -> list[tuple[Account, AppError]]:
    """Return what was in the way of the last check, for each account where something was.

    ``with_offline``: also where there was no network then.
    """
    accounts = desk.accounts.list()
    checks = [(a, desk.store.accounts.last_check(AccountId(a.id))) for a in accounts]
    return [
        (account, _problem(account, check))
        for account, check in checks
        if check.problem and (with_offline or check.problem_kind != ProblemKind.OFFLINE)
    ]


def what_stops(desk: Desk) -> dict[AccountId, str]:
    """Return what is in the way of each account that can't be checked; no network is nobody's."""
    return {AccountId(a.id): str(p) for a, p in last_problems(desk, with_offline=False)}


def looked_through(desk: Desk) -> int | None:
    """Return how many messages were looked at in accounts that could be; None if none could."""
    checks = [desk.store.accounts.last_check(AccountId(a.id)) for a in desk.accounts.list()]
    done = [check.looked_at for check in checks if check.at is not None and not check.problem]
    return sum(done) if done else None


def stopped_at(desk: Desk, account: Account) -> datetime:
    """Return when an account was last looked through: now, for one that never was."""
    return desk.store.accounts.last_check(AccountId(account.id)).at or datetime.now(UTC)


def _problem(account: Account, check: LastCheck) -> AppError:
    """Return a problem as it was kept; its kind says which way out is offered."""
    if check.problem_kind not in {kind.value for kind in ProblemKind}:
        return AppError(check.problem)
    kind, provider = ProblemKind(check.problem_kind), provider_of(account)
    is_off = kind == ProblemKind.IMAP_OFF
    url = provider.imap_url if provider and is_off else ""
    problem = MailServerError(check.problem, kind=kind, help_url=url)
    problem.technical = check.problem_details
    return problem


class Status(QObject):
    """Puts the words together."""

    check_wanted = Signal()

    def __init__(self, bar: QStatusBar) -> None:
        super().__init__(bar)
        self.is_offline = False
        self._bar = bar
        self._check: LinkButton | None = None
        self._label = QLabel()
        self._label.setContentsMargins(GAP_16, 0, GAP_16, 0)
        self._label.setMinimumWidth(1)  # gives way rather than widening the window
        bar.setSizeGripEnabled(False)
        bar.addWidget(self._label, 1)

    @property
    def text(self) -> str:
        return self._label.text()

    def show_check(
        self, check: tuple[datetime, int] | None, *, is_sample: bool, is_paused: bool = False
    ) -> None:
        """Show the last check, as its time and the number of messages looked at.

        ``is_paused``: the connection costs money, so mail is looked at only when asked for.
        """
        parts = []
        if is_sample:
            parts.append(self.tr("Sample mail"))
        elif check is None:
            parts.append(self.tr("Mail not checked yet"))
        else:
            when, looked_at = check
            parts.append(self.tr("Last checked %1").replace("%1", moment(when, datetime.now(UTC))))
            many = self.tr("%Ln messages looked at", "", looked_at)
            parts.append(self.tr("1 message looked at") if looked_at == 1 else many)
        offline = self.tr("you're offline; saved emails still work")
        parts.append(offline if self.is_offline else self.tr("works offline"))
        if is_paused:
            parts.append(self.tr("metered connection, so we don't look by ourselves"))
        self._show_way_to_check(is_paused)
        align_leading(self._label)
        self._label.setText(" - ".join(parts))

    def _show_way_to_check(self, is_wanted: bool) -> None:  # noqa: FBT001 - as Qt has it
        if is_wanted and self._check is None:
            self._check = LinkButton(self.tr("Check now"))
            self._check.clicked.connect(self.check_wanted)
            self._bar.addPermanentWidget(self._check)
        if self._check is not None:
            self._check.setVisible(is_wanted)
