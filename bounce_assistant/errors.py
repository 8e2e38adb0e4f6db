"""The errors a user can act on; everything else is a bug."""


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


class CancelledError(Exception):
    """The user pressed Stop; what was found so far is kept."""
