"""The errors a user can act on; everything else is a bug."""

import re

# What msgspec says -> what somebody who corrects a data file reads.
_PLAIN = (
    (r"Object contains unknown field `([^`]*)`", r"there is no key \1"),
    (r"Object missing required field `([^`]*)`", r"the key \1 is missing"),
    (r"Invalid enum value ('[^']*')", r"\1 is not one of the words for it"),
    (r"Expected `array`, got `str`", "a list is needed, in [ ]"),
    (r"Expected `str`, got `array`", "one text is needed, without [ ]"),
)
_PLACE = r"(?s)(.*) - at `\$\.?([^`]*)`"


class AppError(Exception):
    """Carries what the screen or the terminal says: what happened, why, and what to do next."""

    def __init__(self, title: str, detail: str = "", next_step: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.next_step = next_step

    def __str__(self) -> str:
        """Return one line: title, detail and next step as sentences."""
        return " ".join(part for part in (self.title, self.detail, self.next_step) if part)


def broken_data_file(name: str, problem: object) -> AppError:
    """Say what is wrong with a data file, and where: "rule 3, text: a list is needed, in [ ]"."""
    said = str(problem).rstrip(".")
    if place := re.fullmatch(_PLACE, said):
        where = re.sub(r"\[(\d+)\]", lambda number: f" {int(number[1]) + 1}", place[2])
        where = where.replace(".", ", ")
        said = f"{where}: {place[1]}" if where else place[1]
    for pattern, plain in _PLAIN:
        said = re.sub(pattern, plain, said)
    return AppError(
        f"The data file {name} can't be used.",
        f"{said[:1].upper()}{said[1:]}.",
        "If it was changed here, put that right; if not, install Bounce Assistant again.",
    )


class CancelledError(Exception):
    """The user pressed Stop; what was found so far is kept."""
