"""Files, folders and pasted words become cases, or a sentence on why not."""

import random
from email.message import EmailMessage
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.services.intake import PASTED, Intake, add_files, add_sources, add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.sources import Source
from bounce_assistant.store import Store
from bounce_assistant.store.rows import CaseRow, RowKey
from tests.unit.services.notices import ORDINARY, bounce


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to drop."""
    folder = tmp_path / "dropped"
    folder.mkdir()
    return folder


def rows(store: Store, intake: Intake) -> list[CaseRow]:
    return list(store.cases.rows([RowKey(case) for case in intake.cases]).values())


def test_a_dropped_bounce_becomes_a_case(
    tmp_path: Path, store: Store, knowledge: Knowledge
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(bounce(name="Dana Reyes"))
    intake = add_files([str(path)], store, knowledge, Job())
    (row,) = rows(store, intake)
    assert (intake.read, intake.total, intake.unread) == (1, 1, ())
    assert (row.name, row.address, row.cause) == ("Dana Reyes", "dana@example.net", "user_unknown")
    assert (row.subject, row.group, row.account) == ("Open house on Saturday", "address", "")


def test_twelve_of_thirteen_are_read_and_the_other_says_why(
    folder: Path, store: Store, knowledge: Knowledge
) -> None:
    for number in range(12):
        (folder / f"{number:02}.eml").write_bytes(bounce(f"p{number}@example.net"))
    (folder / "13.eml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    intake = add_files([str(folder)], store, knowledge, Job())
    assert (intake.read, intake.total, len(intake.cases)) == (12, 13, 12)
    (unread,) = intake.unread
    assert unread.file.endswith("13.eml")
    assert "isn't an email we can read" in unread.problem


def test_a_file_dropped_twice_is_one_case(folder: Path, store: Store, knowledge: Knowledge) -> None:
    (folder / "a.eml").write_bytes(bounce())
    (folder / "copy.eml").write_bytes(bounce().replace(b"\r\n", b"\n"))
    intake = add_files([str(folder)], store, knowledge, Job())
    assert (intake.read, intake.known, len(intake.cases)) == (2, 1, 1)
    again = add_files([str(folder)], store, knowledge, Job())
    assert (again.known, again.cases) == (2, intake.cases)


def test_an_ordinary_mail_gets_one_row_that_says_so(store: Store, knowledge: Knowledge) -> None:
    intake = add_sources([Source("a.eml", ORDINARY)], store, knowledge, Job())
    (row,) = rows(store, intake)
    assert (row.cause, row.name, row.subject) == ("not_a_bounce", "Una", "Lunch?")


def test_a_pasted_message_is_read_like_a_file(store: Store, knowledge: Knowledge) -> None:
    text = "\n\n" + bounce().decode().replace("\r\n", "\n")
    (row,) = rows(store, add_text(text, store, knowledge, Job()))
    assert (row.address, row.cause) == ("dana@example.net", "user_unknown")


def test_pasted_server_words_are_diagnosed(store: Store, knowledge: Knowledge) -> None:
    words = "550 5.1.1 <lee@example.net>: Recipient address rejected: User unknown"
    intake = add_text(words, store, knowledge, Job())
    (row,) = rows(store, intake)
    assert (row.address, row.cause) == ("lee@example.net", "user_unknown")
    message = store.messages.get(store.messages.ids()[0])
    assert message is not None
    assert (message.raw.decode(), message.place.file) == (words, PASTED)


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_nothing_pasted_is_said_in_a_sentence(
    store: Store, knowledge: Knowledge, text: str
) -> None:
    with pytest.raises(AppError, match="no text"):
        add_text(text, store, knowledge, Job())


def test_a_file_that_is_not_there_is_said_in_a_sentence(
    tmp_path: Path, store: Store, knowledge: Knowledge
) -> None:
    (unread,) = add_files([str(tmp_path / "gone.eml")], store, knowledge, Job()).unread
    assert unread.problem.endswith(".")


def test_stop_keeps_what_was_read(store: Store, knowledge: Knowledge) -> None:
    job = Job(lambda done, total, words: job.cancel() if done == 2 else None)
    sources = [Source(f"{n}.eml", bounce(f"p{n}@example.net")) for n in range(9)]
    with pytest.raises(CancelledError):
        add_sources(sources, store, knowledge, job, total=9)
    assert len(store.messages.ids()) == 3


def test_progress_counts_the_files(store: Store, knowledge: Knowledge) -> None:
    heard: list[tuple[int, int]] = []
    job = Job(lambda done, total, words: heard.append((done, total)))
    sources = [Source(f"{n}.eml", bounce(f"p{n}@example.net")) for n in range(3)]
    add_sources(sources, store, knowledge, job, total=2)
    assert heard == [(0, 2), (1, 2), (2, 3)]


def junk(chance: random.Random, number: int) -> bytes:
    noise = chance.randbytes(chance.randrange(400))
    starts = (
        b"",
        b"From: x\r\nSubject: y\r\n",
        b"From: MAILER-DAEMON\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n",
        bounce()[: chance.randrange(2000)],
    )
    return starts[number % len(starts)] + noise


def test_bytes_of_any_kind_give_a_case_or_a_sentence(store: Store, knowledge: Knowledge) -> None:
    chance = random.Random(554)  # noqa: S311 - noise, not secrets
    sources = [Source(str(number), junk(chance, number)) for number in range(1000)]
    intake = add_sources(sources, store, knowledge, Job())
    assert intake.total == 1000
    assert intake.read > 300
    assert intake.read + len(intake.unread) == 1000
    assert all(unread.problem.endswith(".") for unread in intake.unread)
    assert all(row.title and row.name is not None for row in rows(store, intake))


def test_a_mail_of_many_megabytes_is_read(store: Store, knowledge: Knowledge) -> None:
    photos = EmailMessage()
    photos["Subject"] = "Photos"
    photos.add_attachment(b"\xff" * 9_000_000, maintype="image", subtype="jpeg", filename="a.jpg")
    raw = bounce(diagnostic="552 5.3.4 Message too big").replace(
        b"Subject: Open house on Saturday\r\n", photos.as_bytes().replace(b"\n", b"\r\n")
    )
    (row,) = rows(store, add_sources([Source("big.eml", raw)], store, knowledge, Job()))
    assert row.cause == "too_big"
    message = store.messages.get(store.messages.ids()[0])
    assert message is not None
    assert message.raw == raw
