"""Standard input and output as they are found: closed, full, or in another encoding."""

import errno
import io
import os
import sys

from bounce_assistant.errors import AppError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def ready_streams(*, as_json: bool) -> None:
    """Make the streams fit to write any text to; JSON Lines are UTF-8 wherever they go.

    What an encoding lacks, and bytes of a file name that are no text, are spelt out in ASCII.
    """
    if sys.stdin is None:  # closed by whoever started us
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for as long as we run
        elif isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if as_json and name == "stdout" else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def discard_output() -> None:
    """Let what is still to be written to standard output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_about_room(problem: OSError) -> bool:
    """Tell whether something could not be written for want of room."""
    return problem.errno in _NO_ROOM


def no_room() -> AppError:
    """Return what to tell when the output finds no room where it goes."""
    return AppError(
        "There's no room left where the output goes.", next_step="Free some space, then try again."
    )
