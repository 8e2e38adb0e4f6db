"""How a password reaches a command: typed unseen, or as the first line of standard input."""

import getpass
import sys

from bounce_assistant.errors import AppError


def ask_password(email: str, *, from_stdin: bool) -> str:
    """Return a password that isn't empty; AppError when there is nobody to ask."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = getpass.getpass(f"Password for {email}: ")
    else:
        raise AppError(
            f"There's nobody here to ask for the password of {email}.",
            "",
            "Add --password-stdin and send the password on standard input.",
        )
    if not password:
        raise AppError("No password was given.", "", "Try again with the password.")
    return password
