"""Where what libraries and sockets raise becomes what the user can act on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.problems import FOREIGN, explain


def told(server: Server, line: Line) -> AbstractContextManager[None]:
    """Turn what IMAP raises into AppError; into CancelledError once the line was hung up."""
    return turned(line, FOREIGN, lambda error: explain(error, server, is_in_use=line.is_in_use))


@contextmanager
def turned(
    line: Line, foreign: tuple[type[Exception], ...], into: Callable[[Exception], AppError]
) -> Iterator[None]:
    """Turn the ``foreign`` classes as ``into`` says; anything into CancelledError once hung up."""
    try:
        yield
    except (AppError, CancelledError):
        if line.is_hung_up:
            raise CancelledError from None
        raise
    except foreign as error:
        if line.is_hung_up:
            raise CancelledError from None
        raise into(error) from error
