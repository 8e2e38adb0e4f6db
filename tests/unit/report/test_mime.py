"""Messages as they really arrive: bent, cut, mislabelled, in any alphabet."""

import base64

import pytest

from bounce_assistant.report.charsets import decode_bytes
from bounce_assistant.report.mime import (
    MAX_DEPTH,
    MAX_PARTS,
    Part,
    parse_fields,
    parse_message,
)
from bounce_assistant.report.original import body_text
from bounce_assistant.report.words import decode_words
from tests.unit.report.mails import DSN_TYPE, dsn, mail, read

FAILED = "Final-Recipient: rfc822; dana@larkspur.example\nAction: failed\nStatus: 5.1.1\n"
FULL = dsn(FAILED + "Diagnostic-Code: smtp; 550 5.1.1 User unknown")


def in_charset(text: str, charset: str, encoding: str = "8bit") -> bytes:
    """Return a one-part mail in a charset."""
    data = text.encode(charset)
    if encoding == "base64":
        data = base64.encodebytes(data)
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + data


@pytest.mark.parametrize(
    "boundary",
    [
        'boundary="other"',
        "boundary=",
        'boundary=""',
        "",
        'boundary="=_B1"',
        "boundary==_b1; charset=utf-8",
        'BOUNDARY = "=_b1"',
        'boundary="=_b1" ; x=y',
        "boundary==_b1 ",
    ],
)
def test_a_notice_is_read_whatever_boundary_it_names(boundary: str) -> None:
    raw = FULL.replace(DSN_TYPE, f"multipart/report; report-type=delivery-status; {boundary}")
    report = read(raw)
    assert [each.recipient for each in report.recipients] == ["dana@larkspur.example"]
    assert report.original
    assert report.original.subject == "12 Elm Street"


def test_a_notice_without_its_last_boundary_is_read() -> None:
    assert read(FULL.replace("\n--=_b1--\n", "")) == read(FULL)


def test_text_after_the_last_boundary_is_nobodys() -> None:
    report = read(FULL + "\nFinal-Recipient: rfc822; carl@fine.example\nAction: failed\n")
    assert [each.recipient for each in report.recipients] == ["dana@larkspur.example"]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_a_message_cut_anywhere_is_read_as_far_as_it_goes(share: float) -> None:
    cut = read(FULL[: int(len(FULL) * share)])
    assert cut.notice.subject == "Undelivered Mail Returned to Sender"
    named = [each.recipient for each in cut.recipients]
    assert named in ([], [""], ["dana@larkspur.example"])


def test_a_cut_behind_the_recipient_keeps_the_recipient() -> None:
    raw = FULL[: FULL.index("\n--=_b1\nContent-Type: message/rfc822")]
    assert [each.recipient for each in read(raw).recipients] == ["dana@larkspur.example"]


@pytest.mark.parametrize("more", ["", "\n\nThe mail system"])
def test_a_line_that_is_no_field_ends_a_header_without_a_blank_line(more: str) -> None:
    said = f"*** Automatic answer ***\n<dana@larkspur.example>: 550 User unknown{more}"
    raw = mail(said).replace("\n\n*** Auto", "\n*** Auto")
    assert [each.recipient for each in read(raw).recipients] == ["dana@larkspur.example"]


def test_a_recipient_that_was_cut_off_is_whole_in_the_words_above() -> None:
    whole = dsn(FAILED, said="The mail for <dana@larkspur.example> was refused: 550 no such user")
    raw = whole[: whole.index("larkspur.example", whole.index("Final-Recipient")) + 4]
    assert [each.recipient for each in read(raw).recipients] == ["dana@larkspur.example"]


def test_line_ends_of_either_kind_give_the_same_report() -> None:
    assert read(FULL.replace("\n", "\r\n")) == read(FULL)


def test_the_separator_line_of_an_mbox_is_no_part_of_the_message() -> None:
    assert read(f"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n{FULL}") == read(FULL)


@pytest.mark.parametrize("before", ["\n", "\r\n\r\n", "  \n", "\ufeff"])
def test_what_stands_before_the_header_does_not_matter(before: str) -> None:
    assert read(before + FULL) == read(FULL)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("SGVsbG8gRGFuYQ==", "Hello Dana"),
        ("SGVsbG8gRGFuYQ", "Hello Dana"),
        ("SGVs\nbG8g\nRGFuYQ==\n", "Hello Dana"),
        ("SGVsbG8*gRGFu!YQ==", "Hello Dana"),
        ("SGVsbG8gRGFuY", "Hello Dan"),
    ],
)
def test_base64_is_undone_as_far_as_it_holds(body: str, wanted: str) -> None:
    message = parse_message(f"Content-Transfer-Encoding: base64\n\n{body}".encode())
    assert message.text().strip() == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Gr=C3=BC=C3=9Fe", "Grüße"),
        ("Gr=c3=bc=C3=9Fe", "Grüße"),
        ("a soft=\n break", "a soft break"),
        ("100 =% sure", "100 =% sure"),
        ("cut =C", "cut =C"),
        ("equals =", "equals"),
    ],
)
def test_quoted_printable_is_undone_as_far_as_it_holds(body: str, wanted: str) -> None:
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable"
    assert parse_message(f"{head}\n\n{body}".encode()).text().strip() == wanted


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-2022-jp", "宛先のメールボックスが見つかりません"),
        ("gbk", "收件人邮箱不存在"),
        ("gb18030", "收件人邮箱不存在"),
        ("big5", "收件者信箱已滿"),
        ("koi8-r", "Пользователь не найден"),
        ("windows-1251", "Ящик переполнен"),
        ("euc-kr", "받는 사람을 찾을 수 없습니다"),
        ("shift_jis", "ユーザーが見つかりません"),
        ("iso-8859-1", "Boîte aux lettres pleine"),
        ("utf-8", "Postfach voll – später"),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_text_is_read_in_its_own_alphabet(charset: str, text: str, encoding: str) -> None:
    assert parse_message(in_charset(text, charset, encoding)).text().strip() == text


@pytest.mark.parametrize("charset", ["x-unknown", "unknown-8bit", "us-ascii", "", "utf-8"])
def test_a_wrong_charset_still_gives_words(charset: str) -> None:
    assert decode_bytes("Boîte pleine".encode("cp1252"), charset) == "Boîte pleine"


@pytest.mark.parametrize("charset", ["idna", "punycode", "hex", "rot13", "zlib", "undefined"])
def test_a_charset_that_is_no_charset_never_raises(charset: str) -> None:
    assert "mailbox" in decode_bytes(b"mailbox full \xff\xfe", charset)


def test_japanese_text_is_read_when_its_charset_is_missing() -> None:
    assert decode_bytes("宛先不明".encode("iso-2022-jp")) == "宛先不明"


def test_folded_fields_are_one_value() -> None:
    fields = parse_fields("Diagnostic-Code: smtp; 550\n\t5.1.1 User\n  unknown\nStatus: 5.1.1")
    assert fields == [("Diagnostic-Code", "smtp; 550 5.1.1 User unknown"), ("Status", "5.1.1")]


def test_the_first_of_two_equal_fields_counts() -> None:
    message = parse_message(b"Subject: one\nSubject: two\n\nx")
    assert message.get("subject") == "one"


def test_a_message_of_text_alone_is_all_body() -> None:
    message = parse_message(b"just words\nand more words")
    assert (message.fields, message.body) == ([], b"just words\nand more words")


def nested(depth: int) -> bytes:
    """Return multiparts inside one another, with a text in the middle."""
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return head + b"Content-Type: text/plain\n\ninnermost\n"


def count(part: Part) -> int:
    return sum(1 for _ in part.walk())


def test_parts_inside_parts_are_found() -> None:
    assert body_text(parse_message(nested(6))) == "innermost"


def test_nesting_without_end_is_cut_off() -> None:
    assert count(parse_message(nested(400))) <= MAX_DEPTH + 1


def test_parts_without_number_are_cut_off() -> None:
    many = b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 5000
    assert count(parse_message(many)) <= MAX_PARTS


def test_a_multipart_without_parts_keeps_its_words() -> None:
    raw = mail("Nothing else here.", "Content-Type: multipart/mixed; boundary=none")
    assert read(raw).text == "Nothing else here."


def test_a_boundary_with_a_star_is_a_boundary() -> None:
    raw = FULL.replace('boundary="=_b1"', "boundary*==_b1")
    assert [each.recipient for each in read(raw).recipients] == ["dana@larkspur.example"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("您的邮件无法投递到以下收件人：", "gbk"),
        ("您的郵件無法傳送給下列收件者，信箱已滿", "big5"),
        ("次の宛先にメールを配信できませんでした。", "cp932"),
        ("次の宛先にメールを配信できませんでした。", "euc-jp"),
        ("다음 수신자에게 메일을 전달하지 못했습니다", "cp949"),
        ("Ваше сообщение не доставлено следующим получателям", "koi8-r"),
        ("Ваше сообщение не доставлено следующим получателям", "cp1251"),
        ("Die Empfänger wurden übergangen, daß groß: ÄÖÜ", "cp1252"),
        ("Boîte pleine, désolé", "cp1252"),
    ],
)
@pytest.mark.parametrize("charset", ["", "us-ascii", "utf-8", "x-nonsense"])
def test_a_charset_that_is_not_told_is_guessed_by_its_letters(
    text: str, encoding: str, charset: str
) -> None:
    assert decode_bytes(
        f"{'ascii ' * 2000}<a@b.example> {text}".encode(encoding), charset
    ).endswith(text)


def test_a_declared_charset_is_read_by_the_larger_one_that_writers_mean() -> None:
    assert decode_bytes("镕 邮件".encode("gbk"), "gb2312") == "镕 邮件"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("=?utf-8?B?5byA5pS+?= =?utf-8?B?5pel?=", "开放日"),
        ("=?utf-8?B?5byA5pQ=?= =?utf-8?B?vuaXpQ==?=", "开放日"),  # cut inside a character
        ("=?utf-8?Q?Bo=C3?= =?UTF-8?Q?=AEte?=", "Boîte"),
        ("=?gb2312?B?1cYg?= and =?iso-8859-1?Q?=E9?=", "掌  and é"),
        ("=?nonsense?Q?abc?=", "abc"),
        ("=?utf-8?B?!?=", "=?utf-8?B?!?="),
    ],
)
def test_encoded_words_are_decoded_together(value: str, words: str) -> None:
    assert decode_words(value) == words


def test_of_a_heap_of_header_fields_the_first_are_read_and_the_body_is_found() -> None:
    part = parse_message(b"Subject: x\n" + b"X-A: b\n" * 60_000 + b"\nhello")
    assert part.get("subject") == "x"
    assert part.body == b"hello"
    assert len(part.fields) == 10_000
