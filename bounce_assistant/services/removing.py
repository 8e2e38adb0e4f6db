"""Removing an account: mail that still waits to be sent is named, and dropped only knowingly."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.services.standing import day_and_hour
from bounce_assistant.store.outgoing import Outgoing


class StillWaitingError(AppError):
    """Mail would never be sent; ask whether to keep the account until it is."""


def remove_account(
    account: Account,
    accounts: Accounts,
    outbox: Outbox,
    *,
    keep_history: bool,
    drops_waiting: bool = False,
) -> int:
    """Forget an account and its password; return how many waiting emails were called back.

    Their cases need the person again. Without ``drops_waiting`` raises StillWaitingError when there
    are any; AppError when one is just being sent.
    """
    waiting = outbox.bound_to(account, keep_history=keep_history)
    if waiting and not drops_waiting:
        raise _still_waiting(account, waiting)
    called_back = outbox.cancel([one.id for one in waiting])
    if len(called_back) < len(waiting):
        raise AppError(
            f"An email is being sent from {account.email} right now.",
            "The account is still here.",
            "Wait a moment, then remove it.",
        )
    accounts.remove(account.id, keep_history=keep_history)
    return len(called_back)


def remove_when_sent(account: Account, accounts: Accounts, outbox: Outbox) -> int:
    """Have an account removed, its history kept, once its mail has left; return how many wait.

    The outbox does it, in this run of the program or a later one; at once where none waits.
    """
    waiting = len(outbox.holds_back(account))
    if waiting:
        accounts.set_leaving(account, is_leaving=True)
    else:
        accounts.remove(account.id, keep_history=True)
    return waiting


def last_leaves(waiting: Sequence[Outgoing], now: datetime | None = None) -> str:
    """Return when the last of these is due, as people say it: ``tomorrow about 9 AM``."""
    moment = now or datetime.now(UTC)
    return day_and_hour(max(moment, *(one.due_at for one in waiting)), moment)


def _still_waiting(account: Account, waiting: Sequence[Outgoing]) -> StillWaitingError:
    many = f"{len(waiting)} emails are" if len(waiting) > 1 else "1 email is"
    return StillWaitingError(
        f"{many} still waiting to be sent, and can't be without {account.email}.",
        f"The last one leaves {last_leaves(waiting)}.",
        "Remove the account after that, or call them back first.",
    )
