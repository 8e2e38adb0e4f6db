"""How often mail to an address came back, in a sentence."""

from datetime import datetime


def history_sentence(bounces: int, since: datetime, now: datetime) -> str:
    """Return "3rd bounce from this address since 4 March."; "" for the first one.

    ``bounces`` counts this one too; ``since`` is the first one's moment, ``now`` decides whether
    its year is said. Both are aware.
    """
    if bounces < 2:  # noqa: PLR2004 - the first time is no history
        return ""
    return f"{ordinal(bounces)} bounce from this address since {spoken_day(since, now)}."


def spoken_day(moment: datetime, now: datetime) -> str:
    """Return "4 March" in local time, with the year unless it is this one."""
    day = moment.astimezone()
    year = "" if day.year == now.astimezone().year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th, 21st ..."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"
