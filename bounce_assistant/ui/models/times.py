"""Ages and times as people say them, in the user's own locale."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

translate = QCoreApplication.translate

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MORNING = 9  # o'clock; when people sit down to their mail


def short_age(when: datetime, now: datetime) -> str:
    """Return an age for a narrow column: 2h, 3d, and a date after a week."""
    seconds = int((now - when).total_seconds())
    if seconds < _MINUTE:
        return translate("age", "now")
    if seconds < _HOUR:
        return translate("age", "%nm", "minutes", seconds // _MINUTE)
    if seconds < _DAY:
        return translate("age", "%nh", "hours", seconds // _HOUR)
    if seconds < 7 * _DAY:
        return translate("age", "%nd", "days", seconds // _DAY)
    return _date(when, now)


def spoken_age(when: datetime, now: datetime) -> str:
    """Return an age for a sentence: 2 hours ago; a date after a week."""
    seconds = int((now - when).total_seconds())
    if seconds < _MINUTE:
        return translate("age", "just now")
    if seconds < _HOUR:
        count = seconds // _MINUTE
        many = translate("age", "%n minutes ago", "", count)
        return translate("age", "1 minute ago") if count == 1 else many
    if seconds < _DAY:
        count = seconds // _HOUR
        many = translate("age", "%n hours ago", "", count)
        return translate("age", "1 hour ago") if count == 1 else many
    if seconds < 7 * _DAY:
        count = seconds // _DAY
        many = translate("age", "%n days ago", "", count)
        return translate("age", "1 day ago") if count == 1 else many
    return _date(when, now)


def clock_time(when: datetime) -> str:
    """Return the time of day: 9:42 AM."""
    return QLocale().toString(_local(when).time(), QLocale.FormatType.ShortFormat)


def moment(when: datetime, now: datetime) -> str:
    """Return a time with its day, unless that is today: Thu 9:00 AM."""
    if when.astimezone().date() == now.astimezone().date():
        return clock_time(when)
    if abs(when - now) < timedelta(days=6):
        return f"{QLocale().toString(_local(when).date(), 'ddd')} {clock_time(when)}"
    return f"{_date(when, now)} {clock_time(when)}"


def day_of(when: datetime) -> str:
    """Return the day for a sentence: 4 March."""
    return QLocale().toString(_local(when).date(), translate("age", "d MMMM"))


def snooze_until(days: int, now: datetime) -> datetime:
    """Return nine in the morning, local time, so many days from now; UTC."""
    morning = now.astimezone() + timedelta(days=days)
    return morning.replace(hour=_MORNING, minute=0, second=0, microsecond=0).astimezone(UTC)


def _date(when: datetime, now: datetime) -> str:
    shape = "d MMM" if when.year == now.year else "d MMM yyyy"
    return QLocale().toString(_local(when).date(), shape)


def _local(when: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(when.timestamp()))
