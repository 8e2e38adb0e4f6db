"""The command line: one module per command, each imported only when it is asked for."""

import argparse
import os
import sys
from collections.abc import Sequence

from bounce_assistant import __version__
from bounce_assistant.cli.doors import Doors
from bounce_assistant.cli.starting import load_command
from bounce_assistant.cli.streams import discard_output, is_about_room, no_room, ready_streams
from bounce_assistant.cli.window import run_window
from bounce_assistant.errors import AppError, CancelledError

DONE, PROBLEM = 0, 1  # argparse itself ends with 2 on wrong usage
_COMMANDS = {
    "diagnose": "diagnose bounced mail: files, folders, mailboxes, or - for standard input",
    "explain": "say what a server's words mean",
    "demo": "look around with sample mail",
    "accounts": "connect, list, test and remove mailboxes",
    "check": "look for new bounces in the connected mailboxes",
    "cases": "list the bounces that are kept, and where each stands",
    "export": "write the list as CSV, or a one-page report as PDF",
    "verify": "check an address without sending to it",
    "resend": "send an email that bounced again, to the right address",
    "outbox": "list what is to go out again, and send what is due",
    "check-rules": "load and prove every data file",
}
_NEEDS_DESK = frozenset({"accounts", "check", "cases", "verify", "resend", "outbox"})
_NEEDS_DOORS = frozenset({"demo", "export"})
_EPILOG = "Without a command the window opens, with the FILEs dropped in."


def run(words: Sequence[str], doors: Doors) -> int:
    """Run one command and return its exit code; problems are told in a sentence."""
    try:
        ready_streams(as_json="--json" in words)
        code = _dispatch(list(words), doors)
        sys.stdout.flush()  # a full disk is told here, not while the interpreter ends
    except AppError as problem:
        return _told(problem)
    except (KeyboardInterrupt, CancelledError):
        print("Stopped.", file=sys.stderr)
        return PROBLEM
    except OSError as problem:
        return _not_written(problem)
    except Exception as problem:  # noqa: BLE001 - the last door; a user cannot read a traceback
        return _bug(problem)
    return code


def _dispatch(words: list[str], doors: Doors) -> int:
    if words and words[0] in _COMMANDS:
        return _run_command(words[0], words[1:], doors)
    if words and words[0].startswith("-") and words[0] != "-":
        parser = _window_parser()
        files = parser.parse_args(words).files
    else:
        files = words
    return run_window(files, doors)


def _run_command(name: str, words: list[str], doors: Doors) -> int:
    module = load_command(name)
    parser = argparse.ArgumentParser(
        f"bounce-assistant {name}", description=_COMMANDS[name], formatter_class=_formatter
    )
    module.add_arguments(parser)
    options = parser.parse_args(words)
    if name in _NEEDS_DOORS:
        return int(module.run(options, doors))
    if name not in _NEEDS_DESK:
        return int(module.run(options))
    desk = doors.open_desk()
    try:
        return int(module.run(options, desk))
    finally:
        desk.store.close()


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Return argparse's own, told the width: to ask for it, it imports half the archive formats."""
    try:
        columns = os.get_terminal_size().columns
    except OSError:  # printed into a file
        columns = 80
    return argparse.HelpFormatter(prog, width=columns - 2)


def _window_parser() -> argparse.ArgumentParser:
    lines = [f"  {name:<12} {what}" for name, what in _COMMANDS.items()]
    parser = argparse.ArgumentParser(
        "bounce-assistant",
        description="Finds bounced and rejected mail, says why, and walks you through the fix.\n\n"
        "commands:\n" + "\n".join(lines),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="bounce-assistant [COMMAND ...] | [FILE ...]",
    )
    parser.add_argument("--version", action="version", version=f"Bounce Assistant {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE", help=argparse.SUPPRESS)
    return parser


def _told(problem: AppError) -> int:
    print(problem, file=sys.stderr)
    return PROBLEM


def _not_written(problem: OSError) -> int:
    if isinstance(problem, BrokenPipeError):  # the reader of our output had enough
        discard_output()
        return DONE
    if not is_about_room(problem):
        return _bug(problem)
    discard_output()
    return _told(no_room())


def _bug(problem: Exception) -> int:
    """Say that we are at fault; the place in the code goes along, mail and addresses do not."""
    place = problem.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else "?"
    print(
        "Something went wrong in Bounce Assistant. Your mail wasn't changed."
        f" Please report this: {type(problem).__name__} in {where}, version {__version__}.",
        file=sys.stderr,
    )
    return PROBLEM
