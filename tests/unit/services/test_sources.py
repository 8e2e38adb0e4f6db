"""What a person points at becomes messages, or a sentence on why not."""

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from bounce_assistant.services.sources import NO_MAIL, Source, is_mail, read_sources
from tests.unit.services.msg_writer import Msg, write_msg

SUBJECT, SENDER, BODY = 0x0037, 0x5D01, 0x1000  # properties of an Outlook file
MAIL = b"From: Una <una@example.net>\nTo: agent@example.com\nSubject: Lunch?\n\nAt noon?\n"
SEPARATOR = b"From una@example.net Mon Mar  2 09:00:00 2026\n"
MBOX = b"".join(
    SEPARATOR + MAIL.replace(b"Lunch?", b"Lunch %d" % number) + b"\n" for number in (1, 2, 3)
)


def read(*paths: object) -> list[Source]:
    return list(read_sources(map(str, paths)))


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.eml"
    path.write_bytes(MAIL)
    return path


@pytest.mark.parametrize(
    "name", ["letter.eml", "letter.txt", "letter", "letter.EML", "über uns.eml"]
)
def test_a_mail_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(MAIL)
    assert read(path) == [Source(str(path), MAIL)]


def test_several_files_come_in_the_order_given(tmp_path: Path, letter: Path) -> None:
    other = tmp_path / "a.eml"
    other.write_bytes(MAIL)
    assert [source.file for source in read(letter, other, letter)] == list(
        map(str, [letter, other, letter])
    )


@pytest.mark.parametrize("name", ["all.mbox", "all.mbx", "all", "all.txt"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_an_mbox_gives_its_messages_by_number(tmp_path: Path, name: str, line_end: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(MBOX.replace(b"\n", line_end))
    sources = read(path)
    assert [source.file for source in sources] == [f"{path}#{number}" for number in (1, 2, 3)]
    assert [b"Lunch %d" % number in source.raw for number, source in enumerate(sources, 1)] == [
        True
    ] * 3


def test_a_line_that_begins_with_from_does_not_cut_a_message(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    path.write_bytes(MBOX + b"Well,\nFrom here on it is easy.\n")
    assert len(read(path)) == 3


def test_one_mail_that_kept_its_separator_line_is_one_mail(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(SEPARATOR + MAIL)
    assert read(path) == [Source(str(path), SEPARATOR + MAIL)]


def test_a_maildir_gives_its_messages_and_nothing_else(tmp_path: Path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1772442000.M1.host").write_bytes(MAIL)
    (tmp_path / "cur" / "1772442001.M2.host:2,S").write_bytes(MAIL)
    (tmp_path / "tmp" / "1772442002.M3.host").write_bytes(MAIL)
    (tmp_path / "dovecot.index").write_bytes(b"\x00\x01")
    assert [source.file for source in read(tmp_path)] == [
        str(tmp_path / "new" / "1772442000.M1.host"),
        str(tmp_path / "cur" / "1772442001.M2.host:2,S"),
    ]


def test_a_folder_gives_its_mails_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in ("b.eml", "a.eml", "more/c.eml"):
        (tmp_path / name).write_bytes(MAIL)
    (tmp_path / ".hidden.eml").write_bytes(MAIL)
    (tmp_path / ".DS_Store").write_bytes(b"\x00")
    assert [source.file for source in read(tmp_path)] == [
        str(tmp_path / name) for name in ("a.eml", "b.eml", "more/c.eml")
    ]


def test_a_folder_is_named_as_it_was_given(
    tmp_path: Path, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    assert [source.file for source in read(tmp_path.name)] == [f"{tmp_path.name}/letter.eml"]


@pytest.mark.parametrize(("given", "count"), [(MAIL, 1), (MBOX, 3)])
def test_a_dash_is_standard_input(
    given: bytes, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    sources = read("-")
    assert len(sources) == count
    assert not any(source.problem for source in sources)


def test_a_missing_file_is_told_and_the_rest_is_read(tmp_path: Path, letter: Path) -> None:
    missing, found = read(tmp_path / "none.eml", letter)
    assert "no file of that name" in missing.problem
    assert found.raw == MAIL


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    (source,) = read(tmp_path / "letter.eml")
    assert "aren't allowed" in source.problem


def test_a_link_that_leads_nowhere_is_no_trouble(tmp_path: Path, letter: Path) -> None:
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    assert [source.raw for source in read(tmp_path)] == [MAIL]


def test_a_link_to_its_own_folder_ends(tmp_path: Path, letter: Path) -> None:
    (tmp_path / "again").symlink_to(tmp_path)
    assert [source.raw for source in read(tmp_path)] == [MAIL]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"\x00\x01\x02\x03" * 100,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"%PDF-1.7\n...",
        b"PK\x03\x04" + b"\x00" * 60,
        b"just a note to myself\nabout lunch\n",
        b"\xff\xfe\xfd" * 40,
        b"Dear all:\n\nhello\n",
    ],
)
def test_a_file_that_is_no_mail_is_told_in_a_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "thing.eml"
    path.write_bytes(raw)
    assert read(path) == [Source(str(path), problem=NO_MAIL)]


def test_a_broken_outlook_file_is_told_in_the_same_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.msg"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100)
    assert read(path) == [Source(str(path), problem=NO_MAIL)]


@pytest.mark.parametrize("name", ["letter.msg", "letter.MSG", "dragged out of Outlook"])
def test_an_outlook_file_is_read_as_the_mail_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(write_msg(Msg({SUBJECT: "Lunch?", SENDER: "una@example.net", BODY: "Noon?"})))
    (source,) = read(path)
    assert source.problem == ""
    assert source.raw.startswith(b"From: una@example.net\r\nSubject: Lunch?\r\n")
    assert is_mail(source.raw)


def test_a_mail_that_is_only_called_msg_is_read(tmp_path: Path) -> None:
    path = tmp_path / "letter.msg"
    path.write_bytes(MAIL)
    assert read(path) == [Source(str(path), MAIL)]


@pytest.mark.parametrize(
    "raw",
    [
        MAIL,
        MAIL.replace(b"\n", b"\r\n"),
        b"\r\n" + MAIL,
        b"\xef\xbb\xbf" + MAIL,
        SEPARATOR + MAIL,
        b"Subject: only\n\nbody",
        b"Return-Path: <>\nFrom: x\n\n",
        MAIL + b"x" * 600 + b"\x00" * 1000,
    ],
)
def test_what_has_a_mails_header_is_a_mail(raw: bytes) -> None:
    assert is_mail(raw)


def test_a_problem_says_what_to_do_next() -> None:
    assert "Save the email as .eml" in NO_MAIL


def test_a_text_file_of_what_a_server_said_is_taken_as_words(tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_text("550 5.1.1 <dana@larkspur.example>: User unknown\n", encoding="utf-8")
    (source,) = read_sources([str(file)])
    assert source.is_words
    assert not source.problem


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", "Buy milk, call Dana about the kitchen.\n"),
        ("reply.pages", "550 5.1.1 User unknown\n"),
        ("zeros.txt", "550 5.1.1 User unknown\0"),
        ("empty.txt", ""),
    ],
)
def test_other_text_is_told_to_be_no_mail(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    (source,) = read_sources([str(file)])
    assert source.problem == NO_MAIL
    assert not source.is_words


def test_a_folder_that_may_not_be_read_is_told_of(
    tmp_path: Path, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    look = os.scandir

    def refuse(path: str) -> object:  # root, whom tests may run as, is refused nothing
        if path == str(locked):
            raise PermissionError(13, "Permission denied", path)
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = read(tmp_path)
    assert [each.file for each in found] == [str(letter), str(locked)]
    assert "aren't allowed" in found[1].problem


def test_a_maildir_inside_a_folder_gives_only_its_messages(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
        (tmp_path / "mail" / name / "1").write_bytes(MAIL)
    folders = [Path(each.file).parent.name for each in read(tmp_path)]
    assert folders == ["new", "cur"]


def test_a_pipe_is_read_once_and_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(MAIL,), daemon=True)
    writer.start()
    assert read(pipe) == [Source(str(pipe), MAIL)]
    writer.join(20)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_windows_saves_as_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeff550 5.2.2 mailbox full".encode(encoding))
    (source,) = read(path)
    assert source.is_words
    assert source.raw == b"550 5.2.2 mailbox full"


def test_words_on_standard_input_are_taken_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"550 5.1.1 user unknown\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    assert read("-")[0].is_words
