"""How much an account may still send: the provider's limits, against what this program sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.sending_rules import load_sending_rules
from bounce_assistant.mail.smtp_problems import company_of
from bounce_assistant.services.accounts import provider_of
from bounce_assistant.store import Store
from bounce_assistant.store.rows import AccountId

_DAY = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Meter:
    """What was sent in the last 24 hours; mail that was sent elsewhere is not known here."""

    company: str
    sent: int
    limit: int  # messages in any 24 hours; 0: not known
    a_minute: int
    free_at: datetime | None  # when the next one may go; None: now
    source: str  # where the limit is from

    @property
    def words(self) -> str:
        """What stands beside the meter: ``12 of 500 sent today``."""
        of = f" of {self.limit:,}" if self.limit else ""
        return f"{self.sent:,}{of} sent from here in the last 24 hours"

    @property
    def left(self) -> int | None:
        """How many may still go today; None when the limit is not known."""
        return max(0, self.limit - self.sent) if self.limit else None


def read_meter(store: Store, account: Account, now: datetime) -> Meter:
    """Return an account's meter. A time in the future (the clock was set back) counts as now."""
    provider = provider_of(account)
    limits = load_sending_rules().limits_of(provider)
    times = store.outbox.began_since(AccountId(account.id), now - _DAY)
    free_at = _free_at(times, limits.a_day, _DAY) or _free_at(
        [one for one in times if one > now - _MINUTE], limits.a_minute, _MINUTE
    )
    return Meter(
        company=company_of(account, provider),
        sent=len(times),
        limit=limits.a_day,
        a_minute=limits.a_minute,
        free_at=max(free_at, now + timedelta(seconds=1)) if free_at else None,
        source=limits.source,
    )


def _free_at(times: list[datetime], limit: int, span: timedelta) -> datetime | None:
    """Return when one of the last ``limit`` times leaves the span; None while there is room."""
    if not limit or len(times) < limit:
        return None
    return times[-limit] + span
