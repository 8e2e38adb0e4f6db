"""An Outlook file becomes the mail it was made from, or nothing; never more than that."""

import io
import random
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from olefile import DEFECT_UNSURE, OleFileIO

from bounce_assistant.report.facts import BounceReport, DsnAction, MessageKind, StatusCode
from bounce_assistant.services.examine import Examination, examine_message
from bounce_assistant.services.intake import add_files
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.outlook import MAX_NESTED, outlook_to_mail
from bounce_assistant.services.outlook_file import MAX_ENTRIES, MAX_KIDS
from bounce_assistant.services.sources import is_mail
from bounce_assistant.store import Store
from tests.unit.services.msg_writer import MAGIC, Msg, Narrow, Value, write_container, write_msg
from tests.unit.services.notices import bounce

CLASS, SUBJECT, BODY, HTML, HEADERS = 0x001A, 0x0037, 0x1000, 0x1013, 0x007D
SENDER, SENDER_NAME, SENDER_EXCHANGE, RECEIVER = 0x5D01, 0x0C1A, 0x0C1F, 0x5D07
SENT, REPORTED, MESSAGE_ID, CODEPAGE = 0x0039, 0x0032, 0x1035, 0x3FDE
NAME, EMAIL, SMTP, ROLE = 0x3001, 0x3003, 0x39FE, 0x0C15
REPORT_TEXT, SUPPLEMENTARY, STATUS, DIAGNOSTIC, REMOTE = 0x1001, 0x0C1B, 0x0C20, 0x0C05, 0x0C21
DATA, MIME_TAG, FILE_NAME, ORIGINAL_SUBJECT, ORIGINAL_ID = 0x3701, 0x370E, 0x3707, 0x0049, 0x1046
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOWLEDGE = load_knowledge()
SAID = "<mx.example.com #5.1.1 smtp;550 5.1.1 <dana@example.com>: user unknown>"
ORIGINAL = Msg(
    {
        CLASS: "IPM.Note",
        SUBJECT: "Open house on Saturday",
        SENDER: "agent@example.org",
        SENT: MONDAY,
        MESSAGE_ID: "<1@example.org>",
        BODY: "See you there.",
    },
    recipients=[{NAME: "Dana", SMTP: "dana@example.com", ROLE: 1}],
)


def report_on(
    *people: dict[int, Value],
    original: Msg | None = ORIGINAL,
    kind: str = "NDR",
    more: Mapping[int, Value] = MappingProxyType({}),
) -> bytes:
    """Return the file of a report as Exchange keeps it: in properties, without text."""
    properties: dict[int, Value] = {
        CLASS: f"REPORT.IPM.Note.{kind}",
        SUBJECT: "Undeliverable: Open house on Saturday",
        REPORTED: MONDAY,
        SENDER_NAME: "Microsoft Outlook",
        RECEIVER: "agent@example.org",
    }
    return write_msg(Msg(properties | dict(more), people, [original] if original else []))


def examined(data: bytes) -> Examination:
    raw = outlook_to_mail(data)
    assert is_mail(raw)
    return examine_message(raw, KNOWLEDGE)


def read(data: bytes) -> BounceReport:
    return examined(data).report


def test_the_files_of_these_tests_hold_to_the_container_format() -> None:
    people: list[dict[int, Value]] = [{NAME: f"p{number}@example.com"} for number in range(300)]
    data = report_on(*people)
    with OleFileIO(io.BytesIO(data), raise_defects=DEFECT_UNSURE) as container:
        assert container.parsing_issues == []
        assert len(container.listdir()) > 600


def test_a_report_of_exchange_becomes_a_bounce_with_all_that_it_says() -> None:
    examination = examined(
        report_on({NAME: "Dana", SMTP: "dana@example.com", SUPPLEMENTARY: SAID, DIAGNOSTIC: 0})
    )
    (recipient,) = examination.report.recipients
    assert examination.report.kind is MessageKind.BOUNCE
    assert recipient.recipient == "dana@example.com"
    assert recipient.dsn_action is DsnAction.FAILED
    assert (recipient.status, recipient.reply_code) == (StatusCode(5, 1, 1), "550")
    assert recipient.diagnostic == "550 5.1.1 <dana@example.com>: user unknown"
    assert recipient.remote_mta == "mx.example.com"
    (diagnosis,) = examination.diagnoses
    assert (diagnosis.reason, diagnosis.cause) == ("userunknown", "user_unknown")


def test_a_report_brings_back_the_mail_it_is_about() -> None:
    original = read(report_on({SMTP: "dana@example.com"})).original
    assert original is not None
    assert (original.subject, original.message_id) == ("Open house on Saturday", "<1@example.org>")
    assert (original.sender, original.to) == ("agent@example.org", ("dana@example.com",))
    assert original.date == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert original.body == "See you there."


def test_a_report_without_the_mail_still_knows_its_subject() -> None:
    kept: dict[int, Value] = {ORIGINAL_SUBJECT: "Open house", ORIGINAL_ID: "<7@example.org>"}
    original = read(report_on({SMTP: "dana@example.com"}, original=None, more=kept)).original
    assert original is not None
    assert (original.subject, original.message_id) == ("Open house", "<7@example.org>")
    assert (original.sender, original.to) == ("agent@example.org", ("dana@example.com",))


def test_each_person_of_a_report_fails_for_a_reason_of_their_own() -> None:
    report = read(
        report_on(
            {SMTP: "dana@example.com", SUPPLEMENTARY: SAID},
            {SMTP: "lee@example.net", SUPPLEMENTARY: "#5.2.2 smtp;552 5.2.2 Mailbox full"},
        )
    )
    assert [(each.recipient, str(each.status)) for each in report.recipients] == [
        ("dana@example.com", str(StatusCode(5, 1, 1))),
        ("lee@example.net", str(StatusCode(5, 2, 2))),
    ]


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ({SUPPLEMENTARY: "#5.7.124 smtp; not in the allowed senders", STATUS: 511}, (5, 7, 124)),
        ({STATUS: 522}, (5, 2, 2)),
        ({STATUS: 5, DIAGNOSTIC: 0}, (5, 1, 1)),
        ({DIAGNOSTIC: 7}, (5, 3, 4)),
        ({DIAGNOSTIC: -1}, (5, 0, 0)),
        ({}, (5, 0, 0)),
    ],
)
def test_the_code_is_the_servers_else_what_outlook_made_of_it(
    properties: dict[int, Value], status: tuple[int, int, int]
) -> None:
    (recipient,) = read(report_on({SMTP: "dana@example.com"} | properties)).recipients
    assert recipient.status == StatusCode(*status)


def test_outlooks_own_words_and_host_stand_in_for_the_servers() -> None:
    person: dict[int, Value] = {NAME: "'dana@example.com'", REMOTE: "mx.example.com"}
    person[REPORT_TEXT] = "The e-mail account does not exist\r\nat the organization."
    (recipient,) = read(report_on(person)).recipients
    assert recipient.recipient == "dana@example.com"
    assert recipient.remote_mta == "mx.example.com"
    assert recipient.diagnostic == "The e-mail account does not exist at the organization."


def test_a_person_known_only_to_exchange_is_not_made_up() -> None:
    person: dict[int, Value] = {NAME: "Dana Field", EMAIL: "/O=EXAMPLE/CN=RECIPIENTS/CN=DANA"}
    raw = outlook_to_mail(report_on(person, original=None))
    assert b"Final-Recipient" not in raw
    assert b"Action: failed" in raw
    assert b"Dana Field" in raw


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Delayed", MessageKind.DELAY), ("DR", MessageKind.DELIVERED), ("NDR", MessageKind.BOUNCE)],
)
def test_a_report_tells_what_was_done(kind: str, expected: MessageKind) -> None:
    assert read(report_on({SMTP: "dana@example.com"}, kind=kind)).kind is expected


def test_a_read_receipt_is_no_bounce() -> None:
    data = report_on(
        {SMTP: "dana@example.com"}, kind="IPNRN", more={BODY: "Your message was read."}
    )
    assert read(data).kind is MessageKind.NOT_A_BOUNCE


def test_a_notice_with_its_parts_as_files_is_the_notice_it_was() -> None:
    notice = bounce("dana@example.net")
    _, _, status = notice.partition(b"Content-Type: message/delivery-status\r\n\r\n")
    status, _, original = status.partition(b"--B\r\nContent-Type: message/rfc822\r\n\r\n")
    files: list[dict[int, Value] | Msg] = [
        {DATA: status, MIME_TAG: "message/delivery-status", FILE_NAME: "details.txt"},
        {DATA: original.replace(b"\r\n--B--", b""), FILE_NAME: "Open house.eml"},
    ]
    header = notice.partition(b"\r\n\r\n")[0].decode()
    text = notice.partition(b"text/plain\r\n\r\n")[2].partition(b"\r\n--B")[0].decode()
    report = read(write_msg(Msg({CLASS: "IPM.Note", HEADERS: header, BODY: text}, (), files)))
    expected = examine_message(notice, KNOWLEDGE).report
    assert report.recipients == expected.recipients
    assert report.reported_by == expected.reported_by
    assert report.kind is MessageKind.BOUNCE
    assert report.original is not None
    assert expected.original is not None
    assert report.original.headers == expected.original.headers


def test_the_header_a_mail_arrived_with_is_kept_but_for_what_is_made_anew() -> None:
    header = (
        "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a\r\n\tby b\r\n"
        "From: una@example.net\r\nSubject: Lunch?\r\n"
        'Content-Type: multipart/mixed;\r\n\tboundary="x"\r\n\r\nX-Last: yes\r\n'
    )
    raw = outlook_to_mail(write_msg(Msg({HEADERS: header, SUBJECT: "Other", BODY: "Noon?"})))
    assert raw == (
        b"Received: from a\r\n\tby b\r\nFrom: una@example.net\r\nSubject: Lunch?\r\n"
        b"X-Last: yes\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\nNoon?"
    )


def test_a_mail_that_was_sent_from_here_gets_a_header_of_its_properties() -> None:
    message = Msg(
        {
            SUBJECT: "Tür",
            SENDER: "agent@example.org",
            SENDER_NAME: 'A "Gent"',
            SENT: MONDAY,
            BODY: "Hallo",
        },
        [{NAME: "Dana", SMTP: "dana@example.com", ROLE: 1}, {SMTP: "lee@example.net", ROLE: 2}],
    )
    header = outlook_to_mail(write_msg(message)).partition(b"\r\nMIME-Version")[0].decode()
    assert header.split("\r\n") == [
        'From: "A Gent" <agent@example.org>',
        'To: "Dana" <dana@example.com>',
        "Cc: lee@example.net",
        "Subject: Tür",
        "Date: Mon, 02 Mar 2026 09:00:00 +0000",
    ]


def test_a_colleague_on_exchange_is_no_mail_server() -> None:
    sender = "/O=EXAMPLE/OU=GROUP/CN=RECIPIENTS/CN=UNA"
    message = Msg(
        {SENDER_NAME: "Una", SENDER_EXCHANGE: sender, SUBJECT: "Lunch?", BODY: "550 5.1.1"}
    )
    report = read(write_msg(message))
    assert report.kind is MessageKind.NOT_A_BOUNCE
    assert report.notice.sender == "UNA@exchange.invalid"


def test_no_property_can_add_a_header_field() -> None:
    message = Msg(
        {SUBJECT: "a\r\nX-Failed-Recipients: b@example.com", SENDER: "a@example.org\r\nTo: x"}
    )
    raw = outlook_to_mail(write_msg(message))
    assert b"\nX-Failed" not in raw
    assert b"\nTo:" not in raw


def test_old_files_are_read_in_their_code_page() -> None:
    message = Msg({SUBJECT: Narrow("Дом".encode("cp1251")), BODY: "x", CODEPAGE: 1251})
    assert "Subject: Дом\r\n".encode() in outlook_to_mail(write_msg(message))


@pytest.mark.parametrize("codepage", [0, 1, 29001, 0x7FFFFFFF])
def test_a_code_page_nobody_knows_hides_nothing(codepage: int) -> None:
    message = Msg(
        {SUBJECT: Narrow("Café".encode("cp1252")), BODY: "x", CODEPAGE: codepage, SENT: MONDAY}
    )
    raw = outlook_to_mail(write_msg(message))
    assert "Subject: Café\r\nDate: Mon".encode() in raw


def test_a_mail_in_two_forms_keeps_both() -> None:
    message = Msg({SUBJECT: "Hi", BODY: "plain", HTML: "<p>Grüße</p>".encode(), CODEPAGE: 65001})
    raw = outlook_to_mail(write_msg(message))
    assert b"multipart/alternative" in raw
    assert b"\r\n\r\nplain\r\n--" in raw
    assert "<p>Grüße</p>".encode() in raw


def test_the_same_file_gives_the_same_mail() -> None:
    data = report_on({SMTP: "dana@example.com"})
    assert outlook_to_mail(data) == outlook_to_mail(data)


def test_what_is_kept_of_an_outlook_file_is_mail(
    tmp_path: Path, store: Store, knowledge: Knowledge
) -> None:
    path = tmp_path / "Undeliverable.msg"
    path.write_bytes(report_on({SMTP: "dana@example.com", SUPPLEMENTARY: SAID}))
    first, again = (add_files([str(path)], store, knowledge, Job()) for _ in range(2))
    assert (first.read, first.known, again.known, again.cases) == (1, 0, 1, first.cases)
    (message,) = store.messages.ids()
    kept = store.messages.get(message)
    assert kept is not None
    assert kept.raw == outlook_to_mail(path.read_bytes())


def test_mails_inside_mails_end_somewhere() -> None:
    message = Msg({SUBJECT: "depth 9", BODY: "x"})
    for depth in range(8, -1, -1):
        message = Msg({SUBJECT: f"depth {depth}", BODY: "x"}, attachments=[message])
    raw = outlook_to_mail(write_msg(message))
    assert raw.count(b"Subject: depth") == MAX_NESTED + 1


def test_a_file_cut_off_anywhere_gives_nothing_or_a_mail() -> None:
    data = report_on({SMTP: "dana@example.com", SUPPLEMENTARY: SAID})
    for length in range(0, len(data) - 512, 97):
        raw = outlook_to_mail(data[:length])
        assert raw == b"" or is_mail(raw)
    assert outlook_to_mail(data[: len(data) // 2]) == b""


def test_ten_thousand_strings_behind_the_magic_are_no_mail() -> None:
    chance = random.Random(7)  # noqa: S311 - the same bytes each time
    for _ in range(10_000):
        size = chance.choice((0, 8, 504, 1000, 3000))
        assert outlook_to_mail(MAGIC + chance.randbytes(size)) == b""


def test_a_file_with_bytes_turned_over_raises_nothing() -> None:
    chance = random.Random(7)  # noqa: S311 - the same bytes each time
    good = report_on({SMTP: "dana@example.com", SUPPLEMENTARY: SAID})
    for _ in range(1000):
        data = bytearray(good)
        for _ in range(chance.choice((1, 2, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        mail = outlook_to_mail(bytes(data))
        examine_message(mail, KNOWLEDGE)
        assert mail == b"" or is_mail(mail)


@pytest.mark.parametrize("offset", [44, 64, 72], ids=["table", "small table", "table of tables"])
def test_a_file_that_claims_to_be_larger_than_it_is_is_not_believed(offset: int) -> None:
    data = bytearray(report_on({SMTP: "dana@example.com"}))
    data[offset : offset + 4] = b"\xff\xff\xff\x7f"
    assert outlook_to_mail(bytes(data)) == b""


def test_a_stream_that_claims_gigabytes_in_a_loop_is_not_read() -> None:
    data = bytearray(write_msg(Msg({SUBJECT: "x", BODY: "y" * 10_000})))
    size = struct.pack("<Q", 20_000)
    at = data.rindex(size)  # in the directory, which comes last
    data[at : at + 8] = struct.pack("<Q", 0x7FFFFFFF)
    assert outlook_to_mail(bytes(data)) == b""


def test_streams_that_share_their_bytes_are_not_read_again_and_again() -> None:
    properties: dict[int, Value] = {0x6000 + number: "z" for number in range(100)}
    data = bytearray(write_msg(Msg({SUBJECT: "x", BODY: "y" * 50_000} | properties)))
    assert outlook_to_mail(bytes(data)) != b""
    large = data.index("__substg1.0_1000001F".encode("utf-16-le")) + 116  # its place and size
    for number in range(100):
        small = data.index(f"__substg1.0_{0x6000 + number:04X}001F".encode("utf-16-le")) + 116
        data[small : small + 12] = data[large : large + 12]
    assert outlook_to_mail(bytes(data)) == b""


def test_a_directory_that_runs_in_circles_ends() -> None:
    people: list[dict[int, Value]] = [{SMTP: f"p{number}@example.com"} for number in range(40)]
    data = bytearray(report_on(*people))
    (directory,) = struct.unpack_from("<L", data, 48)
    (table,) = struct.unpack_from("<L", data, 76)
    struct.pack_into("<L", data, (table + 1) * 512 + directory * 4, directory)
    assert outlook_to_mail(bytes(data)) == b""


def test_more_streams_than_any_mail_has_are_refused() -> None:
    def file(streams: int) -> bytes:
        more: dict[int, Value] = {0x4000 + number: "z" for number in range(streams)}
        return write_msg(Msg({SUBJECT: "x"} | more))

    assert outlook_to_mail(file(MAX_KIDS - 10)) != b""
    assert outlook_to_mail(file(MAX_KIDS + 10)) == b""


def test_a_directory_longer_than_any_mail_needs_is_refused() -> None:
    def file(people: int) -> bytes:
        row: dict[int, Value] = {0x4000 + number: "z" for number in range(100)}
        return write_msg(Msg({SUBJECT: "x"}, [row] * people))

    assert outlook_to_mail(file(MAX_ENTRIES // 110)) != b""
    assert outlook_to_mail(file(MAX_ENTRIES // 100)) == b""


def test_a_file_of_another_program_in_the_same_container_is_no_mail() -> None:
    assert outlook_to_mail(write_container({"WordDocument": b"x" * 5000})) == b""


def test_a_large_attachment_is_carried_whole() -> None:
    picture = bytes(range(256)) * 32 * 1024  # 8 MB: the container needs tables of tables
    data = write_msg(Msg({SUBJECT: "x"}, (), [{DATA: picture, FILE_NAME: 'a/"b.png'}]))
    raw = outlook_to_mail(data)
    assert len(raw) > len(picture) * 4 // 3
    assert b'filename="a__b.png"' in raw
