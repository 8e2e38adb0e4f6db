"""The product's words for who acts, how sure, how hard, and when."""

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from bounce_assistant.advice.playbooks import CauseGroup, WhoActs
from bounce_assistant.diagnosis.verdict import BounceType, Certainty

_SOON_DAYS = 6  # further away, a weekday alone would be ambiguous
_NOTHING_TO_CALL = frozenset({CauseGroup.FINE, CauseGroup.UNSURE})


class _Blank(dict[str, str]):
    """Stands in for the facts of a case that a title may name."""

    def __missing__(self, key: str) -> str:
        return "..."


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)


def who_acts(who: WhoActs) -> str:
    """Return who has to act, as the card says it."""
    return {
        WhoActs.YOU: _tr("You"),
        WhoActs.THEM: _tr("Them"),
        WhoActs.PROVIDER: _tr("Your provider or IT person"),
        WhoActs.NOBODY: _tr("Nobody"),
    }[who]


def how_sure(certainty: Certainty) -> str:
    """Return how sure we are, as the card says it."""
    return {
        Certainty.ALMOST_CERTAIN: _tr("Almost certain"),
        Certainty.LIKELY: _tr("Likely"),
        Certainty.NOT_SURE: _tr("Not sure"),
    }[certainty]


def crm_words(bounce_type: BounceType, group: CauseGroup) -> str:
    """Return the small second label in the words of a CRM; empty where it has none."""
    if group in _NOTHING_TO_CALL:
        return ""
    return {
        BounceType.HARD: _tr("(what your CRM calls a hard bounce)"),
        BounceType.SOFT: _tr("(what your CRM calls a soft bounce)"),
        BounceType.BLOCKED: _tr("(blocked: the address itself is probably fine)"),
    }[bounce_type]


def plain_title(title: str) -> str:
    """Return the title of a playbook as it reads without the facts of a case."""
    return title.format_map(_Blank())


def day_and_time(when: datetime) -> str:
    """Return a local day and time, such as ``Thu 26 Nov, 9:00 AM``."""
    return QLocale().toString(_local(when), _tr("ddd d MMM") + ", ") + clock(when)


def clock(when: datetime) -> str:
    """Return a local time of day, as the locale writes it."""
    return QLocale().toString(_local(when).time(), QLocale.FormatType.ShortFormat)


def day(when: datetime) -> str:
    """Return a local day, such as ``26 Nov``; the year is named when it is another one."""
    shown = _local(when)
    pattern = (
        "d MMM"
        if shown.date().year() == QDateTime.currentDateTime().date().year()
        else "d MMM yyyy"
    )
    return QLocale().toString(shown.date(), pattern)


def full_date(when: datetime) -> str:
    """Return a local date and time in the locale's long form."""
    return (
        QLocale().toString(_local(when).date(), QLocale.FormatType.LongFormat) + ", " + clock(when)
    )


def waited(span: timedelta) -> str:
    """Return a delay in its largest unit: ``3 min``, ``2 h``, ``4 days``."""
    seconds = int(span.total_seconds())
    for size, words in ((86400, _tr("{n} days")), (3600, _tr("{n} h")), (60, _tr("{n} min"))):
        if seconds >= size:
            count = round(seconds / size)
            return _tr("1 day") if (size, count) == (86400, 1) else words.format(n=count)
    return _tr("{n} s").format(n=max(0, seconds))


def _local(when: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(when.timestamp()))
