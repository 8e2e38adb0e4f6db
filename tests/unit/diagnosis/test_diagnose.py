"""Why a mail came back, by the server's words first and its codes second."""

from itertools import pairwise

import pytest

from bounce_assistant.diagnosis.diagnose import MAX_EVIDENCE, diagnose_recipient
from bounce_assistant.diagnosis.notice_text import NoticeText
from bounce_assistant.diagnosis.verdict import BounceType, Certainty
from bounce_assistant.report.facts import (
    BounceReport,
    DsnAction,
    MessageKind,
    Notice,
    RecipientReport,
)
from bounce_assistant.services.examine import examine_words
from tests.unit.diagnosis.reports import (
    BOOK,
    DANA,
    KNOWLEDGE,
    diagnose,
    recipient_of,
    report_of,
)


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        ("550 5.1.1 Mailbox full", "", "mailboxfull"),
        ("550 5.2.2 User unknown", "", "userunknown"),
        ("550 5.1.1 Message rejected as spam", "", "spamdetected"),
        ("554 5.7.1 User unknown", "", "userunknown"),
        ("550 5.1.1 blocked using zen.spamhaus.org", "", "blocked"),
        ("452 4.2.2 Greylisted, try again later", "", "blocked"),
        ("550 5.0.0 Message size exceeds fixed maximum message size", "", "emailtoolarge"),
        ("User unknown", "5.7.1", "userunknown"),
        ("550 5.7.1 Host unknown (Name server: x.example: host not found)", "", "hostunknown"),
        ("550 5.2.2 Relay access denied", "", "norelaying"),
    ],
)
def test_the_servers_words_beat_its_codes(words: str, status: str, reason: str) -> None:
    assert diagnose(words, status=status).reason == reason


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("550 5.2.2 no", "mailboxfull"),
        ("550 5.1.1 no", "userunknown"),
        ("550 5.3.4 no", "emailtoolarge"),
        ("550 5.7.26 no", "authfailure"),
        ("550 5.1.2 no", "hostunknown"),
    ],
)
def test_without_telling_words_the_code_decides(words: str, reason: str) -> None:
    assert diagnose(words).reason == reason


@pytest.mark.parametrize(
    "words",
    [
        "550 no",
        "554 Rejected",
        "550 5.0.0 Transaction failed",
        "551 sorry",
        "553 not today",
        "550 5.7.1 Access denied",
        "554 5.7.1 Message refused",
        "550 5.7.0 no",
        "550 5.6.0 no",
        "552 no",
        "571 Delivery not authorized",
    ],
)
def test_a_refusal_by_code_alone_never_calls_an_address_dead(words: str) -> None:
    assert diagnose(words).bounce_type is not BounceType.HARD


@pytest.mark.parametrize(
    "words", ["550 5.1.1 User unknown", "550 5.2.2 Mailbox full", "552 5.3.4 Message too big"]
)
def test_words_and_code_that_agree_are_almost_certain(words: str) -> None:
    assert diagnose(words).certainty is Certainty.ALMOST_CERTAIN


@pytest.mark.parametrize("words", ["550 no", "550 Denied for reasons", "554 denied", "hm"])
def test_words_that_say_little_leave_us_unsure(words: str) -> None:
    assert diagnose(words).certainty is Certainty.NOT_SURE


@pytest.mark.parametrize(
    "words",
    [
        "550 5.2.1 User unknown, and the mailbox is full",
        "550 Mailbox full or message marked as spam",
    ],
)
def test_signs_that_contradict_each_other_leave_us_unsure_between_two(words: str) -> None:
    diagnosis = diagnose(words)
    assert diagnosis.certainty is not Certainty.ALMOST_CERTAIN
    assert diagnosis.certainty is Certainty.LIKELY or diagnosis.runner_up


def test_two_reasons_as_good_as_each_other_are_both_named() -> None:
    diagnosis = diagnose("550 5.0.0 user unknown; message rejected as spam; relaying denied")
    assert diagnosis.certainty is Certainty.NOT_SURE
    assert diagnosis.runner_up
    assert diagnosis.runner_up != diagnosis.cause


@pytest.mark.parametrize(
    "words",
    [
        "delivery expired (message too old): host mx said: 552 5.2.2 Mailbox full",
        "4.4.7 Message expired -> 452 4.2.2 Mailbox full",
        "retry timeout exceeded; last reply was: 452 4.2.2 mailbox over quota",
    ],
)
def test_giving_up_hides_no_last_reply(words: str) -> None:
    assert diagnose(words).reason == "mailboxfull"


@pytest.mark.parametrize("words", ["retry timeout exceeded", "550 4.4.7 Message expired"])
def test_giving_up_without_a_reply_is_giving_up(words: str) -> None:
    assert diagnose(words).cause == "gave_up"


def test_a_reply_that_says_nothing_is_read_with_the_rest_of_the_notice() -> None:
    text = "The recipient's mailbox is full.\n\n550 5.0.0 Failed\n"
    diagnosis = diagnose("550 5.0.0 Failed", text=text)
    assert diagnosis.reason == "mailboxfull"


def test_what_was_said_of_one_person_does_not_touch_another() -> None:
    bob = recipient_of("552 5.2.2 Mailbox full", address="bob@larkspur.example")
    dana = recipient_of("554 5.0.0 Failed")
    report = report_of(dana, bob)
    assert diagnose_recipient(bob, report, BOOK).reason == "mailboxfull"
    assert diagnose_recipient(dana, report, BOOK).reason != "mailboxfull"


@pytest.mark.parametrize(
    "words",
    [
        "550 5.1.1 User unknown",
        "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org",
        "552 5.2.2 <dana@larkspur.example>: Mailbox full",
        "550-5.7.26 This mail has been blocked because the sender\n550-5.7.26 is unauthenticated",
        "550 5.1.1\n    User\n    unknown",
        "<<< 550-5.7.1 this message is likely\n<<< 550-5.7.1 unsolicited mail",
    ],
)
def test_the_marked_words_are_the_very_words_of_the_notice(words: str) -> None:
    diagnosis = diagnose(words, text=f"Dear sender,\n\n<{DANA}>: {words}\n\nGoodbye\n")
    text = f"Dear sender,\n\n<{DANA}>: {words}\n\nGoodbye\n"
    assert diagnosis.evidence
    assert len(diagnosis.evidence) <= MAX_EVIDENCE
    assert any(each.start >= 0 for each in diagnosis.evidence)
    for each in diagnosis.evidence:
        assert each.says
        if each.start >= 0:
            assert text[each.start : each.end] == each.text
            assert each.text.strip()


def test_the_words_are_marked_beside_their_own_person() -> None:
    words = "550 5.1.1 User unknown"
    bob = recipient_of(words, address="bob@larkspur.example")
    report = report_of(recipient_of(words), bob)
    (first, *_) = diagnose_recipient(bob, report, BOOK).evidence
    assert first.start > report.text.index("bob@larkspur.example")


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("user unknown", "so: User  Unknown.", "User  Unknown"),
        ("user unknown", "so: user\n  550-5.1.1 unknown.", "user\n  550-5.1.1 unknown"),
        ("couldn't be found", "it couldn’t be found", "couldn’t be found"),
        ("user <> gone", "User <d@x.example> gone", "User <d@x.example> gone"),
        ("missing", "nothing here", ""),
        ("", "nothing here", ""),
    ],
)  # fmt: skip
def test_words_are_found_again_however_they_were_wrapped(words: str, text: str, found: str) -> None:
    start, end = NoticeText(BounceReport(MessageKind.BOUNCE, text=text)).locate(words)
    assert (text[start:end] if start >= 0 else "") == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("caja llena", "Caja llena"),  # of the subject, where nothing is marked
        ("no llego: caja llena", "No llegó: Caja llena"),
        ("caja llena la caja de <> no admite mas.", "La caja\nde d@x.example no admite más"),
        ("la caja de <> no admite mas..", "La caja\nde d@x.example no admite más"),
        ("no llego: caja llena otra", "No llegó: Caja llena"),
        ("missing", "missing"),
    ],
)
def test_words_are_quoted_as_the_notice_writes_them_in_its_subject_too(
    words: str, found: str
) -> None:
    notice = Notice(subject="No llegó: Caja llena")
    text = "Hola:\n\nLa caja\nde d@x.example no admite más.\n"
    report = BounceReport(MessageKind.BOUNCE, text=text, notice=notice)
    shown, start, end = NoticeText(report).quote(words)
    assert shown == found
    assert start < 0 or text[start:end] == shown


def test_no_word_is_marked_twice() -> None:
    for words in (
        "552 5.2.2 The account that you tried to reach is over quota",
        "552 mailbox full",
    ):
        evidence = sorted(
            examine_words(words, KNOWLEDGE).diagnoses[0].evidence, key=lambda one: one.start
        )
        assert all(one.end <= more.start for one, more in pairwise(evidence))


@pytest.mark.parametrize(
    "words",
    [
        "550 Böyle bir kullanıcı yok",
        "550 cette personne n'a pas de boîte chez nous",
        "550 indirizzo è stato disattivato da tempo",
        "452 the drawer of this lady cannot hold another sheet",
    ],
)
def test_who_is_not_sure_says_what_else_it_may_be(words: str) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.certainty is Certainty.NOT_SURE
    assert diagnosis.runner_up not in {None, diagnosis.cause}


@pytest.mark.parametrize(
    ("kind", "reason", "cause"),
    [
        (MessageKind.FEEDBACK, "feedback", "complaint"),
        (MessageKind.AUTO_REPLY, "vacation", "out_of_office"),
        (MessageKind.DELIVERED, "delivered", "delivered_note"),
    ],
)
def test_a_message_that_is_no_bounce_is_what_it_is(
    kind: MessageKind, reason: str, cause: str
) -> None:
    recipient = RecipientReport(DANA, diagnostic="550 5.1.1 User unknown")
    diagnosis = diagnose_recipient(recipient, report_of(recipient, kind=kind), BOOK)
    assert (diagnosis.reason, diagnosis.cause) == (reason, cause)


@pytest.mark.parametrize("action", [DsnAction.DELIVERED, DsnAction.RELAYED, DsnAction.EXPANDED])
def test_one_who_got_it_among_those_who_did_not_got_it(action: DsnAction) -> None:
    got = RecipientReport(DANA, dsn_action=action)
    failed = recipient_of("550 5.1.1 User unknown", address="bob@x.example")
    assert diagnose_recipient(got, report_of(got, failed), BOOK).reason == "delivered"


def test_a_notice_that_says_nothing_is_undefined_and_no_trouble() -> None:
    empty = RecipientReport("")
    diagnosis = diagnose_recipient(empty, BounceReport(MessageKind.BOUNCE), BOOK)
    assert (diagnosis.reason, diagnosis.cause) == ("undefined", "unsure")
    assert diagnosis.certainty is Certainty.NOT_SURE


def test_a_delay_without_a_reason_is_still_being_tried() -> None:
    late = RecipientReport(DANA, dsn_action=DsnAction.DELAYED)
    report = report_of(late, kind=MessageKind.DELAY, text="")
    assert diagnose_recipient(late, report, BOOK).reason == "expired"


@pytest.mark.parametrize(
    "words", ["550 5.2.1 <dana@example.com>... User unknown", "550 User unknown (end of data)"]
)
def test_nobody_there_is_only_likely_where_the_code_or_the_stage_says_otherwise(words: str) -> None:
    diagnosis = diagnose(words)
    assert (diagnosis.reason, diagnosis.certainty) == ("userunknown", Certainty.LIKELY)


def test_an_address_that_was_refused_for_days_is_dead_but_only_likely() -> None:
    recipient = recipient_of("450 4.1.1 User unknown", action=DsnAction.FAILED)
    diagnosis = diagnose_recipient(recipient, report_of(recipient), BOOK)
    assert (diagnosis.bounce_type, diagnosis.certainty) == (BounceType.HARD, Certainty.LIKELY)


@pytest.mark.parametrize("words", ["421 4.7.0 IP address blacklisted", "450 4.1.1 User unknown"])
def test_a_pasted_reply_that_asks_to_try_again_is_soft(words: str) -> None:
    assert diagnose(words).bounce_type is BounceType.SOFT


def test_the_words_for_the_other_cause_are_shown_beside_those_for_the_first() -> None:
    diagnosis = diagnose("550 5.2.0 insufficient disk space")
    assert diagnosis.certainty is Certainty.NOT_SURE
    assert {diagnosis.cause, diagnosis.runner_up} == {"inbox_full", "server_down"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("550 5.7.26 user unknown", "userunknown"),
        ("552 5.3.4 user unknown", "userunknown"),
        ("550 5.2.2 spam content rejected", "spamdetected"),
        ("550 5.2.2 account disabled", "suspend"),
    ],
)
def test_words_count_for_more_than_a_code_that_contradicts_them_but_are_only_likely(
    words: str, reason: str
) -> None:
    diagnosis = diagnose(words)
    assert (diagnosis.reason, diagnosis.certainty) == (reason, Certainty.LIKELY)


@pytest.mark.parametrize(
    "words", ["550 5.1.1 mailbox full", "550 5.7.1 mailbox full", "550 5.0.0 user unknown"]
)
def test_codes_that_servers_give_for_everything_contradict_nothing(words: str) -> None:
    assert diagnose(words).certainty is Certainty.ALMOST_CERTAIN


@pytest.mark.parametrize(
    "words",
    [
        "550 User unknown, since your address was found on a list of machines that send rubbish",
        "550 5.1.1 message looks like spam to our filter, therefore we say user unknown",
    ],
)
def test_nobody_is_dead_for_sure_where_the_rest_of_a_reply_tells_something_else(
    words: str,
) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.certainty is not Certainty.ALMOST_CERTAIN
