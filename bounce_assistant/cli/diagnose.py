"""``diagnose``: what happened to each message of files, folders and mailboxes."""

import argparse
import gc
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from bounce_assistant.cli.starting import nothing_to_collect
from bounce_assistant.services.describe import describe, describe_problem
from bounce_assistant.services.examine import Examination, examine_message, examine_words
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.sources import Place, Source, find_places, read_place, read_sources

if TYPE_CHECKING:
    from concurrent.futures import Future

_CHUNK = 32  # messages handed to a process at a time
_AHEAD = 3  # chunks handed out beyond the one that a process is at
_MOST_JOBS = 64
Teller = Callable[[Source, Knowledge], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``diagnose``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, mbox, Maildir or -")
    parser.add_argument("--json", action="store_true", help="one JSON object per message")
    parser.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="processes to use (default: 1)"
    )


def run(options: argparse.Namespace) -> int:
    """Print what happened to each message; 1 when something could not be read."""
    told = _tell_as_json if options.json else _tell_in_words
    is_all_read = True
    everything = _all_told(options.paths, told, options.jobs)
    with nothing_to_collect():  # the first one loads what all need
        first = tuple(islice(everything, 1))
    for lines, is_read in chain(first, everything):
        is_all_read = is_all_read and is_read
        print(lines, file=sys.stdout if is_read or options.json else sys.stderr)
    gc.freeze()  # what is left goes with the process: to look through it once more takes 10 ms
    return 0 if is_all_read else 1


def _all_told(paths: Iterable[str], told: Teller, jobs: int) -> Iterator[tuple[str, bool]]:
    """Yield the lines of each message, in the order given, and whether it could be read."""
    if jobs == 1:
        knowledge = load_knowledge()
        for source in read_sources(paths):
            yield told(source, knowledge), not source.problem
        return
    yield from _told_by_others(find_places(paths), told, jobs)


def _told_by_others(
    places: Iterator[Place | Source], told: Teller, jobs: int
) -> Iterator[tuple[str, bool]]:
    """Have processes read and judge; only as many places are handed out as they soon need."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only with --jobs
    from multiprocessing import get_context  # noqa: PLC0415

    _Loaded.load()  # where processes can be forked, they find it loaded
    gc.freeze()  # and share it: what is never collected is never copied
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin)
    try:
        waiting: deque[Future[list[tuple[str, bool]]]] = deque()
        while chunk := tuple(islice(places, _CHUNK)):
            waiting.append(pool.submit(_tell_there, told, chunk))
            if len(waiting) > _AHEAD * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def describe_source(source: Source, knowledge: Knowledge) -> dict[str, Any]:
    """Return one message's object, or the one that says why it could not be read."""
    if source.problem:
        return describe_problem(source.file, source.problem)
    return describe(source.file, _examined(source, knowledge), knowledge)


def _tell_as_json(source: Source, knowledge: Knowledge) -> str:
    return json.dumps(describe_source(source, knowledge), ensure_ascii=False)


def _tell_in_words(source: Source, knowledge: Knowledge) -> str:
    from bounce_assistant.cli.table import describe_lines, printable  # noqa: PLC0415 - not for --json

    if source.problem:
        return printable(f"{source.file}: {source.problem}")
    return "\n".join(describe_lines(source.file, _examined(source, knowledge), knowledge))


def _examined(source: Source, knowledge: Knowledge) -> Examination:
    if source.is_words:
        return examine_words(source.raw.decode("utf-8", "replace"), knowledge)
    return examine_message(source.raw, knowledge)


class _Loaded:
    """What a worker process knows; loaded once."""

    knowledge: Knowledge | None = None

    @classmethod
    def load(cls) -> Knowledge:
        if cls.knowledge is None:
            cls.knowledge = load_knowledge()
            cls.knowledge.prepare()
        return cls.knowledge


def _begin() -> None:
    """Make a worker ready; that the user stops it is told by the process that it works for."""
    import signal  # noqa: PLC0415 - only in workers

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Loaded.load()


def _tell_there(told: Teller, places: Iterable[Place | Source]) -> list[tuple[str, bool]]:
    """Return what a chunk's messages are told by, in order; what was read as few long texts."""
    knowledge = _Loaded.load()
    sources = map(read_place, places)
    each = ((not source.problem, told(source, knowledge)) for source in sources)
    return [
        ("\n".join(lines for _, lines in alike), is_read)
        for is_read, alike in groupby(each, key=itemgetter(0))
    ]


def _jobs(text: str) -> int:
    jobs = int(text) if text.isdecimal() else 0
    if not 1 <= jobs <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"must be between 1 and {_MOST_JOBS}")
    return jobs
