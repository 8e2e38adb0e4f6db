"""Where what libraries and sockets raise becomes what the user can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.problems import FOREIGN, explain


@contextmanager
def told(server: Server, line: Line) -> Iterator[None]:
    """Turn foreign exceptions into AppError; into CancelledError once the line was hung up."""
    try:
        yield
    except (AppError, CancelledError):
        if line.is_hung_up:
            raise CancelledError from None
        raise
    except FOREIGN as error:
        if line.is_hung_up:
            raise CancelledError from None
        raise explain(error, server) from error
