"""Bounces added by hand: files, folders and pasted words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bounce_assistant.errors import AppError
from bounce_assistant.services.examine import Yours
from bounce_assistant.services.job import Job
from bounce_assistant.services.keeping import examine_kept, keep_examined, yours_of
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.sources import NO_MAIL, Source, is_mail, read_sources
from bounce_assistant.store import Store
from bounce_assistant.store.messages import Kept, Place
from bounce_assistant.store.rows import CaseId

PASTED = "pasted text"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why, in a sentence."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of the files handed in."""

    read: int
    total: int
    unread: tuple[Unread, ...]
    cases: tuple[CaseId, ...]  # of mail that was here already, too
    known: int = 0  # messages that were here already, and so were not added again


def add_files(paths: Sequence[str], store: Store, knowledge: Knowledge, job: Job) -> Intake:
    """Diagnose and keep the mail in files and folders; one that can't be read stops no other.

    Raises CancelledError when stopped (what was read stays), AppError when the disk is full.
    """
    return add_sources(read_sources(paths), store, knowledge, job, total=len(paths))


def add_text(text: str, store: Store, knowledge: Knowledge, job: Job) -> Intake:
    """Diagnose and keep pasted words: the source of a whole message, or only a server's words.

    Raises AppError when there are no words, or the disk is full.
    """
    raw = text.strip().encode("utf-8", "replace")
    if not raw:
        raise AppError("There's no text to diagnose.", next_step="Copy the bounce, then paste it.")
    job.step(0, 1)
    return _intake([_keep(Source(PASTED, raw), store, knowledge, yours_of(store))], [])


def add_sources(
    sources: Iterable[Source],
    store: Store,
    knowledge: Knowledge,
    job: Job,
    *,
    total: int = 1,
) -> Intake:
    """Diagnose and keep messages from anywhere; ``total`` is how many there are at least.

    Raises as add_files.
    """
    yours = yours_of(store)
    unread: list[Unread] = []
    kept: list[Kept] = []
    for done, source in enumerate(sources):
        job.step(done, max(done + 1, total))
        if source.problem or not (source.is_words or is_mail(source.raw)):
            unread.append(Unread(source.file, source.problem or NO_MAIL))
        else:
            kept.append(_keep(source, store, knowledge, yours))
    return _intake(kept, unread)


def _keep(source: Source, store: Store, knowledge: Knowledge, yours: Yours) -> Kept:
    place = Place(file=source.file)
    examination = examine_kept(source.raw, place, knowledge, yours)
    return keep_examined(source.raw, place, examination, store, knowledge)


def _intake(kept: Sequence[Kept], unread: Sequence[Unread]) -> Intake:
    cases = dict.fromkeys(case for one in kept for case in one.cases)
    known = sum(not one.is_new for one in kept)
    return Intake(len(kept), len(kept) + len(unread), tuple(unread), tuple(cases), known)
