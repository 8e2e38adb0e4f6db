"""How mail is sent again, as data: patience, limits, and the signs of a former send."""

from functools import cache

import msgspec

from bounce_assistant import resources
from bounce_assistant.errors import AppError
from bounce_assistant.mail.providers import LimitsEntry, Provider

_FILE = "sending.toml"


class Tracking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Signs of pictures and links that count opens and clicks."""

    hosts: list[str]
    paths: list[str]


class SendingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file resources/sending.toml."""

    undo_seconds: float
    quiet_days: int
    at_most: int
    late_hours: int
    put_off_minutes: list[int]
    unreachable_minutes: int
    limits: LimitsEntry
    tracking: Tracking

    def limits_of(self, provider: Provider | None) -> LimitsEntry:
        """Return a provider's limits, each as its file has it, else the usual one."""
        own = provider.limits if provider and provider.limits else LimitsEntry()
        usual = self.limits
        return LimitsEntry(own.a_day or usual.a_day, own.a_minute or usual.a_minute, own.source)


@cache
def load_sending_rules() -> SendingRules:
    """Read resources/sending.toml; AppError says what is wrong with it."""
    try:
        return msgspec.toml.decode(resources.read_text(_FILE), type=SendingRules)
    except msgspec.DecodeError as error:
        raise AppError(f"We can't use {_FILE}.", f"{error}.") from error
