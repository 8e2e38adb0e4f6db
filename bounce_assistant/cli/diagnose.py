"""``diagnose``: what happened to each message of files, folders and mailboxes."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from bounce_assistant.cli.table import describe_lines
from bounce_assistant.services.describe import describe, describe_problem
from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.sources import Source, read_sources

_CHUNK = 16  # messages handed to a process at a time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``diagnose``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, mbox, Maildir or -")
    parser.add_argument("--json", action="store_true", help="one JSON object per message")
    parser.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="processes to use (default: 1)"
    )


def run(options: argparse.Namespace) -> int:
    """Print what happened to each message; 1 when something could not be read."""
    unread = False
    for told in _examined(options.paths, options.jobs):
        if "error" in told:
            unread = True
        if options.json:
            print(json.dumps(told, ensure_ascii=False))
        elif "error" in told:
            print(f"{told['file']}: {told['error']}", file=sys.stderr)
        else:
            print("\n".join(describe_lines(told)))
    return 1 if unread else 0


def _examined(paths: Iterable[str], jobs: int) -> Iterator[dict[str, Any]]:
    if jobs == 1:
        knowledge = load_knowledge()
        for source in read_sources(paths):
            yield examine_source(source, knowledge)
        return
    from multiprocessing import get_context  # noqa: PLC0415 - only with --jobs

    with get_context("spawn").Pool(jobs, initializer=_load) as pool:
        yield from pool.imap(_examine_there, read_sources(paths), chunksize=_CHUNK)


def examine_source(source: Source, knowledge: Knowledge) -> dict[str, Any]:
    """Return one message's object, or the one that says why it could not be read."""
    if source.problem:
        return describe_problem(source.file, source.problem)
    return describe(source.file, examine_message(source.raw, knowledge), knowledge)


_loaded: list[Knowledge] = []  # of a worker process: loaded once, by its initializer


def _load() -> None:
    _loaded.append(load_knowledge())


def _examine_there(source: Source) -> dict[str, Any]:
    return examine_source(source, _loaded[0])


def _jobs(text: str) -> int:
    jobs = int(text)
    if not 1 <= jobs <= 64:  # noqa: PLR2004 - more helps no machine
        raise argparse.ArgumentTypeError("must be between 1 and 64")
    return jobs
