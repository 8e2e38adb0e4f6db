"""Addresses in notices that are only text: which of them failed, and what was said of each."""

import pytest

from bounce_assistant.report.facts import DsnAction, RecipientReport, StatusCode
from bounce_assistant.report.prose import read_prose, read_words
from tests.unit.report.mails import DAEMON, WORDS, mail, read, recipients

DANA = "dana@larkspur.example"
FAILED = "Your message could not be delivered to the following recipients:\n\n"
OTHERS = frozenset({"agent@oakfield.example", "mailer-daemon@mail.oakfield.example"})


def named(said: str) -> list[str]:
    """Return who failed, by the text of a notice."""
    return [each.recipient for each in read_prose(said, WORDS, not_these=OTHERS)]


@pytest.mark.parametrize(
    "line",
    [
        DANA,
        f"  {DANA}",
        f"<{DANA}>",
        f"<{DANA}>: 550 User unknown",
        f"{DANA}: 550 User unknown",
        f"{DANA} on 3/2/2026 9:00 AM",
        f"'{DANA}' on 3/2/2026 9:00 AM",
        f'"{DANA}"',
        f"* {DANA}",
        f"- {DANA}",
        f"• {DANA}",
        f"{DANA} ({DANA})",
        f"{DANA}<mailto:{DANA}>",
        f"Dana Hart ({DANA})",
        f"To: {DANA}",
        f"Recipient: {DANA}",
        f"Recipient: [SMTP:{DANA}]",
        f"Failed address: {DANA}",
        f"Email address: {DANA}",
        f"RCPT TO:<{DANA}>",
        f"> {DANA}",
        f"{DANA}...User unknown",
        f"{DANA} | 550 User unknown",
        f"{DANA}\t550 User unknown",
        f"<{DANA.upper()}>: 550 User unknown",
        f"SMTP:{DANA}",
        f"rfc822;{DANA}",
    ],
)
def test_an_address_is_found_in_any_list(line: str) -> None:
    assert [address.lower() for address in named(f"{FAILED}{line}\n")] == [DANA]


@pytest.mark.parametrize(
    "sentence",
    [
        f"Your message wasn't delivered to {DANA} because the address couldn't be found.",
        f"Delivery to {DANA} has failed permanently.",
        f"The message to {DANA} bounced.",
        f"I could not deliver your mail to <{DANA}>.",
        f"Unable to deliver message to: {DANA}",
        f"Sorry, {DANA} is no longer here; your message was not delivered.",
        f"Unknown user: {DANA}",
        f"550 5.1.1 <{DANA}>: Recipient address rejected: User unknown",
        f"Message to {DANA} was rejected by the server.",
    ],
)
def test_an_address_is_found_in_a_sentence(sentence: str) -> None:
    assert named(sentence) == [DANA]


def test_all_of_a_list_of_addresses_are_named() -> None:
    listed = "".join(f"  person{n}@larkspur.example\n" for n in range(20))
    assert named(FAILED + listed) == [f"person{n}@larkspur.example" for n in range(20)]


def test_a_list_shares_the_words_below_it() -> None:
    reports = read_prose(f"{FAILED}a@x.example\nb@x.example\n\n550 5.1.1 User unknown\n", WORDS)
    assert [(each.recipient, each.reply_code) for each in reports] == [
        ("a@x.example", "550"),
        ("b@x.example", "550"),
    ]


def test_people_listed_under_each_reply_have_that_reply() -> None:
    said = (
        "mx.example could not finish with these:\n\n"
        "one.example [192.0.2.5]\n    550 5.1.1 User unknown\n  a@one.example\n  b@one.example\n\n"
        "two.example [192.0.2.6]\n    552 5.2.2 Mailbox full\n  c@two.example\n"
    )
    told = [(each.recipient, str(each.status)) for each in read_prose(said, WORDS)]
    assert told == [
        ("a@one.example", "5.1.1"),
        ("b@one.example", "5.1.1"),
        ("c@two.example", "5.2.2"),
    ]


@pytest.mark.parametrize("joint", ["nor", "and for", "oder", "et à", ","])
def test_addresses_joined_in_a_sentence_share_its_words(joint: str) -> None:
    said = f"Your mail for {DANA} {joint} bo@larkspur.example came back: 550 5.1.1 User unknown"
    one, other = read_prose(said, WORDS)
    assert one.reply_code == other.reply_code == "550"


def test_where_mail_goes_now_is_nobody_whom_it_missed() -> None:
    said = f"To: {DANA}\nSaid: 551 5.1.6 Dana now reads her mail at dana@new.example"
    assert named(said) == [DANA]


def test_a_reply_that_took_the_mail_tells_who_got_it() -> None:
    said = (
        f"Two of three are in nobody's books.\n\n  {DANA}   550 5.1.1\n"
        "  bo@larkspur.example   550 5.1.1\n  cy@larkspur.example   250 2.1.5 (went through)\n"
    )
    told = {each.recipient: each.dsn_action for each in read_prose(said, WORDS)}
    assert told["cy@larkspur.example"] is DsnAction.DELIVERED
    assert told[DANA] is DsnAction.FAILED


def test_each_person_keeps_the_words_said_of_them() -> None:
    said = (
        "<a@x.example>: host mx.x.example[192.0.2.5] said: 550 5.1.1 User unknown\n\n"
        "<b@y.example>: host mx.y.example[192.0.2.6] said: 552 5.2.2 Mailbox full\n"
    )
    one, other = read_prose(said, WORDS)
    assert (one.status, one.remote_mta) == (StatusCode(5, 1, 1), "mx.x.example")
    assert (other.status, other.remote_mta) == (StatusCode(5, 2, 2), "mx.y.example")


@pytest.mark.parametrize(
    "line",
    [
        "For further assistance, please send mail to <postmaster@mail.oakfield.example>",
        "If you need help, contact support@mail.oakfield.example.",
        "Please contact the administrator at admin@mail.oakfield.example.",
        "The mail came from agent@oakfield.example",
        "Sender: agent@oakfield.example",
        "From: agent@oakfield.example",
        "Reply-To: helpdesk@mail.oakfield.example",
        "MAILER-DAEMON@mail.oakfield.example",
        "Message-ID: <20260302.1234@mail.oakfield.example>",
        "Message   <20260302.1234@oakfield.example>",
        "Questions? Write to the administrator\nat:\n\n    neighbours-owner@lists.example",
    ],
)
def test_addresses_of_others_did_not_fail(line: str) -> None:
    assert named(f"{line}\n\n{FAILED}<{DANA}>: 550 User unknown\n\n{line}\n") == [DANA]


def test_a_bare_name_belongs_to_the_domain_that_writes() -> None:
    (report,) = read_prose(
        "The following recipients could not be reached:\n  dana\n", WORDS, home="larkspur.example"
    )
    assert report.recipient == DANA


@pytest.mark.parametrize("local", ['"dana hart"', '"dana.@"', "o'hara", "dana+home", "d_h", "d/h"])
def test_an_odd_address_is_whole(local: str) -> None:
    assert named(f"{FAILED}<{local}@larkspur.example>: 550 no\n") == [f"{local}@larkspur.example"]


def test_names_in_the_header_come_before_names_in_the_text() -> None:
    raw = mail(
        "A message to bob@x.example and others failed:\n\n550 User unknown",
        "X-Failed-Recipients: dana@larkspur.example, carl@larkspur.example",
    )
    assert recipients(raw) == [DANA, "carl@larkspur.example"]


def test_a_notice_about_the_reader_names_the_reader() -> None:
    raw = mail(
        "This is the mail system at host mail.oakfield.example.\n\nI'm sorry to have to inform "
        "you that your message could not be delivered.\n\n"
        "<agent@oakfield.example>: host mx said: 552 5.2.2 Mailbox full\n"
    )
    assert recipients(raw) == ["agent@oakfield.example"]


def test_who_only_got_a_copy_of_our_mail_did_not_fail() -> None:
    raw = mail(
        f"Hi. This is the qmail-send program at mail.oakfield.example.\n\n<{DANA}>:\n"
        "550 User unknown\n\n--- Below this line is a copy of the message.\n\n"
        "Received: from desk\nFrom: agent@oakfield.example\n"
        f"To: {DANA}, fine@larkspur.example\nCc: carl@larkspur.example\nMessage-ID: <1@x>\n\nHi\n",
        sender=DAEMON,
        subject="failure notice",
    )
    assert recipients(raw) == [DANA]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (f"550 5.1.1 <{DANA}>: User unknown",
         RecipientReport(DANA, status=StatusCode(5, 1, 1), reply_code="550",
                         diagnostic=f"550 5.1.1 <{DANA}>: User unknown")),
        ("552 5.2.2 Mailbox full (in reply to RCPT TO command)",
         RecipientReport("", status=StatusCode(5, 2, 2), reply_code="552", smtp_command="RCPT",
                         diagnostic="552 5.2.2 Mailbox full (in reply to RCPT TO command)")),
        ("no codes at all", RecipientReport("", diagnostic="no codes at all")),
        ("", RecipientReport("")),
    ],
)  # fmt: skip
def test_words_that_stand_alone_are_read_as_they_are(words: str, wanted: RecipientReport) -> None:
    assert read_words(words, WORDS) == (wanted,)


def test_wrapped_lines_are_read_as_one_reply() -> None:
    (report,) = read(
        mail(
            f"<{DANA}>: host mx.larkspur.example[192.0.2.5] said:\n    552 5.2.2 Mailbox\n    full"
        )
    ).recipients
    assert report.diagnostic.endswith("552 5.2.2 Mailbox full")


def test_words_that_list_people_tell_of_each() -> None:
    words = """The following address(es) failed:

      dana@larkspur.example
        550 5.1.1 user unknown
      bob@quarry.example
        552 5.2.2 mailbox full
    """
    told = {each.recipient: each.reply_code for each in read_words(words, WORDS)}
    assert told == {"dana@larkspur.example": "550", "bob@quarry.example": "552"}


@pytest.mark.parametrize("leader", ["  ", " ........ ", " ....: ", "\t", "     | ", " => "])
def test_a_table_may_have_its_addresses_last(leader: str) -> None:
    rows = (("No such user", DANA), ("Mailbox full", "eli@brook.example"))
    said = "What became of your mail:\n\n" + "".join(f"{why}{leader}{who}\n" for why, who in rows)
    assert [(each.diagnostic, each.recipient) for each in read_prose(said, WORDS)] == list(rows)


def test_a_row_with_a_reply_below_it_has_that_reply() -> None:
    said = (
        f"FAILED     {DANA}\n           smtp; 550 No such user\n"
        "FAILED     eli@brook.example\n           smtp; 552 mailbox full\n"
    )
    assert [each.reply_code for each in read_prose(said, WORDS)] == ["550", "552"]


def test_people_listed_above_a_transcript_have_their_own_line_of_it() -> None:
    said = (
        f"----- The following addresses had permanent fatal errors -----\n<{DANA}>\n"
        "<eli@brook.example>\n\n----- Transcript of session follows -----\n>>> DATA\n"
        f"<<< 552 5.2.2 <{DANA}> Over quota\n<<< 550 5.1.1 <eli@brook.example> User unknown\n"
    )
    assert [each.reply_code for each in read_prose(said, WORDS)] == ["552", "550"]
