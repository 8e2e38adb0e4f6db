"""Of a large notice only parts are fetched, and the diagnosis is that of the whole one."""

import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.services.examine import Examination, examine_message
from bounce_assistant.services.knowledge import load_knowledge
from tests.end2end.large_notice import large_notice, returned_mail, scan
from tests.servers.dovecot import PASSWORD, Dovecot

KNOWLEDGE = load_knowledge()
NOW = datetime.now(UTC)
ROOT = Path(__file__).parents[2]
CORPORA = {"ours": ROOT / "tests/corpus/messages", "public": ROOT.parent / "shared/corpus"}
_users = count()


def with_scan(raw: bytes, size: int) -> bytes:
    """Let a returned message carry an attachment, as the last part of what came back."""
    head, _, body = raw.partition(b"\r\n\r\n")
    match = re.search(rb'boundary="?([^"\r\n;]+)', head)
    if not match or b"multipart" not in head.lower():
        return raw + b"\r\n" + scan(size)
    end = b"--" + match[1] + b"--"
    at = body.rfind(end)
    picture = b"\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + b"\r\n\r\n" + body[:at] + b"--" + match[1] + picture + scan(size) + body[at:]


def notices(corpus: str) -> Iterator[tuple[str, bytes]]:
    folder = CORPORA[corpus]
    if not folder.is_dir():
        pytest.skip(f"There is no {folder.name} beside this checkout.")
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".eml", ".txt"} and path.is_file():
            raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            if raw.startswith((b"From ", b">From ")):
                raw = raw.partition(b"\r\n")[2]
            if b"\r\n\r\n" in raw and examine_message(raw, KNOWLEDGE).is_trouble:
                yield path.name, raw


@pytest.fixture
def user() -> str:
    return f"large{next(_users)}"


def opened(server: Dovecot, user: str) -> ImapMailbox:
    context = ssl.create_default_context(cafile=server.ca)
    mailbox = connect_imap(server.account(user), Password(PASSWORD), Line(), context=context)
    mailbox.open("INBOX")
    return mailbox


def told(examination: Examination) -> object:
    """Return what anybody sees of a diagnosis."""
    report = examination.report
    original = report.original
    return (
        report.kind,
        report.reported_by,
        [
            (each.recipient, each.reason, each.cause, each.certainty)
            for each in examination.diagnoses
        ],
        [[one.text for one in each.evidence] for each in examination.diagnoses],
        (original.message_id, original.subject, original.sender) if original else None,
    )


@pytest.mark.parametrize("corpus", CORPORA)
def test_a_part_fetched_notice_is_diagnosed_like_the_whole(
    dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, corpus: str
) -> None:
    monkeypatch.setattr("bounce_assistant.mail.imap_fetch.WHOLE_LIMIT", 30_000)
    wanted = list(notices(corpus))[::3]
    for _, raw in wanted:
        dovecot.put(user, with_scan(raw, 45_000), NOW)
    differ, cut = [], 0
    with closing(opened(dovecot, user)) as mailbox:
        looks = list(mailbox.looks(mailbox.uids(NOW.date()), ()))
        assert len(looks) == len(wanted)
        for (name, raw), message in zip(wanted, mailbox.messages(looks), strict=True):
            whole = with_scan(raw, 45_000)
            cut += len(message.raw) < len(whole) / 2
            in_part = examine_message(
                message.raw, KNOWLEDGE, missing=message.size - len(message.raw)
            )
            if told(in_part) != told(examine_message(whole, KNOWLEDGE)):
                differ.append(name)
    assert differ == []
    assert cut > len(wanted) / 2


def test_a_returned_mail_of_many_megabytes_stays_on_the_server(dovecot: Dovecot, user: str) -> None:
    notice = large_notice()
    dovecot.put(user, notice, NOW)
    with closing(opened(dovecot, user)) as mailbox:
        (message,) = mailbox.messages(list(mailbox.looks([1], ())))
    assert len(message.raw) < 70_000
    assert message.size > 25_000_000
    missing = message.size - len(message.raw)
    in_part = examine_message(message.raw, KNOWLEDGE, missing=missing)
    assert told(in_part) == told(examine_message(notice, KNOWLEDGE))
    assert in_part.report.original
    assert abs(in_part.report.original.size - len(returned_mail())) < 1_000
    assert in_part.report.original.body == "The floor plan."
    assert dovecot.bytes_sent(user, 1)[0] < 100_000
