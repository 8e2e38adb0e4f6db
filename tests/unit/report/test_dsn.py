"""Delivery status parts: fields per message and per recipient, as RFC 3464 and as servers do."""

import pytest

from bounce_assistant.report.dsn import read_address, read_status_part
from bounce_assistant.report.facts import DsnAction, MessageKind, RecipientReport, StatusCode
from tests.unit.report.mails import dsn, mail, read

DANA = "dana@larkspur.example"
FAILED = f"Final-Recipient: rfc822; {DANA}\nAction: failed\nStatus: 5.1.1\n"


def only(text: str) -> RecipientReport:
    """Return the one recipient of a delivery status part."""
    (report,) = read_status_part(text).recipients
    return report


def diagnostic(value: str) -> RecipientReport:
    return only(f"{FAILED}Diagnostic-Code: {value}\n")


def test_every_field_of_a_recipient_is_read() -> None:
    report = only(
        f"Original-Recipient: rfc822;{DANA}\nFinal-Recipient: rfc822; box17@host.example\n"
        "Action: failed\nStatus: 5.2.2\nRemote-MTA: dns; mx.larkspur.example (192.0.2.5)\n"
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\n"
    )
    assert report == RecipientReport(
        recipient=DANA,
        final_recipient="box17@host.example",
        dsn_action=DsnAction.FAILED,
        status=StatusCode(5, 2, 2),
        reply_code="552",
        diagnostic="552 5.2.2 Mailbox full",
        remote_mta="mx.larkspur.example",
    )


def test_an_original_recipient_that_is_the_final_one_is_told_once() -> None:
    report = only(f"Original-Recipient: rfc822; {DANA.upper()}\n{FAILED}")
    assert report.final_recipient == ""


@pytest.mark.parametrize("original", ["rfc822; dana", "unknown", "rfc822;", "x400; C=US;"])
def test_an_original_recipient_that_is_no_address_gives_way_to_the_final_one(original: str) -> None:
    assert only(f"Original-Recipient: {original}\n{FAILED}").recipient == DANA


def test_several_people_have_several_fates() -> None:
    report = read(
        dsn(
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n"
            "Final-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.4.1\n\n"
            "Final-Recipient: rfc822; c@x.example\nAction: relayed\nStatus: 2.0.0\n"
        )
    )
    assert report.kind is MessageKind.BOUNCE
    assert [(each.recipient, each.dsn_action) for each in report.recipients] == [
        ("a@x.example", DsnAction.FAILED),
        ("b@x.example", DsnAction.DELAYED),
        ("c@x.example", DsnAction.RELAYED),
    ]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("failed", MessageKind.BOUNCE),
        ("Failed", MessageKind.BOUNCE),
        ("failure", MessageKind.BOUNCE),
        ("failed (bad destination mailbox address)", MessageKind.BOUNCE),
        ("delayed", MessageKind.DELAY),
        ("delivered", MessageKind.DELIVERED),
        ("relayed", MessageKind.DELIVERED),
        ("expanded", MessageKind.DELIVERED),
    ],
)
def test_the_action_tells_what_kind_of_notice_it_is(action: str, kind: MessageKind) -> None:
    status = {"bounce": "5.1.1", "delay": "4.4.1"}.get(kind.value, "2.0.0")
    raw = dsn(f"Final-Recipient: rfc822; {DANA}\nAction: {action}\nStatus: {status}\n")
    assert read(raw).kind is kind


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \n", "\n\t\n\n"])
def test_blank_lines_inside_a_group_do_not_split_a_person(gap: str) -> None:
    text = f"Final-Recipient: rfc822; {DANA}\n{gap}Action: failed\nStatus: 5.2.2\n"
    report = only(text)
    assert (report.recipient, report.dsn_action) == (DANA, DsnAction.FAILED)
    assert report.status == StatusCode(5, 2, 2)


def test_groups_without_a_blank_line_between_are_two_people() -> None:
    text = "".join(
        f"Final-Recipient: rfc822; {name}@x.example\nAction: failed\nStatus: 5.1.1\n"
        for name in ("a", "b")
    )
    found = [each.recipient for each in read_status_part(text).recipients]
    assert found == ["a@x.example", "b@x.example"]


def test_message_fields_may_stand_in_the_group_of_the_recipient() -> None:
    part = read_status_part(f"Reporting-MTA: dns; mail.oakfield.example\n{FAILED}")
    assert part.message_fields["reporting-mta"] == "dns; mail.oakfield.example"
    assert [each.recipient for each in part.recipients] == [DANA]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (f"rfc822; {DANA}", DANA),
        (f"RFC822;{DANA}", DANA),
        (f"rfc822; <{DANA}>", DANA),
        (f"rfc822; <{DANA}> (Dana Hart)", DANA),
        (DANA, DANA),
        (f"smtp; {DANA}", DANA),
        ("rfc822; dana+2Bhome+40larkspur.example", "dana+home@larkspur.example"),
        ("rfc822; dana+home@larkspur.example", "dana+home@larkspur.example"),
        ("utf-8; \\x{64}ana@b\\x{fc}cher.example", "dana@bücher.example"),
        ("utf-8; δοκιμή@παράδειγμα.example", "δοκιμή@παράδειγμα.example"),
        ("utf-8; 用户@例子.example", "用户@例子.example"),
        ('rfc822; "dana hart"@larkspur.example', '"dana hart"@larkspur.example'),
        ("rfc822; dana@[192.0.2.5]", "dana@[192.0.2.5]"),
        ("rfc822; dana=hart@larkspur.example", "dana=hart@larkspur.example"),
        ("rfc822; dana", "dana"),
        ("", ""),
    ],
)
def test_an_address_is_read_in_any_of_its_forms(value: str, address: str) -> None:
    assert read_address(value) == address


def test_a_code_point_beyond_all_alphabets_never_raises() -> None:
    assert "@x.example" in read_address("utf-8; \\x{FFFFFF}dana@x.example")


def test_half_a_code_point_can_be_written_to_a_file() -> None:
    assert read_address("utf-8; \\x{D800}dana").encode("utf-8")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("smtp; 550 5.1.1 User unknown", "550 5.1.1 User unknown"),
        ("smtp;550 5.1.1 User unknown", "550 5.1.1 User unknown"),
        ("SMTP; 550 5.1.1\n    User unknown", "550 5.1.1 User unknown"),
        ("smtp; 550-5.1.1 The account\n    550-5.1.1 does not\n    550 5.1.1 exist",
         "550 5.1.1 The account does not exist"),
        ("X-Postfix; unknown user: dana", "unknown user: dana"),
        ("550 5.1.1 No; really", "550 5.1.1 No; really"),
        ("smtp; =?utf-8?q?Bo=C3=AEte_pleine?=", "Boîte pleine"),
    ],
)  # fmt: skip
def test_the_servers_words_are_one_line_without_repeated_codes(value: str, told: str) -> None:
    assert diagnostic(value).diagnostic == told


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("smtp; 550 5.7.26 Unauthenticated", "5.7.26"),
        ("smtp; 550 User unknown", "5.1.1"),
        ("smtp; 550 5.0.0 User unknown", "5.1.1"),
        ("smtp; 452 4.2.2 Mailbox full", "4.2.2"),
    ],
)
def test_the_code_in_the_servers_words_comes_before_the_status_field(
    value: str, status: str
) -> None:
    assert str(diagnostic(value).status) == status


@pytest.mark.parametrize(
    ("group", "recipient"),
    [
        (f"Final-Recipient: rfc822; {DANA}\n", DANA),
        (f"Final-Recipient: rfc822; {DANA}\nStatus: 5.1.1\n", DANA),
        (f"Original-Recipient: rfc822; {DANA}\nAction: failed\n", DANA),
        (f"final-recipient : rfc822; {DANA}\nACTION: failed\n", DANA),
        ("Action: failed\nStatus: 5.0.0\n", ""),
    ],
)
def test_missing_fields_are_empty_and_nothing_more(group: str, recipient: str) -> None:
    assert only(group).recipient == recipient


def test_a_repeated_group_is_one_person_and_the_fuller_words_stay() -> None:
    assert only(f"{FAILED}\n{FAILED}Diagnostic-Code: smtp; 550 no").diagnostic == "550 no"


def test_the_members_of_an_address_that_stands_for_several_are_named_each_with_his_fate() -> None:
    alias = "board@larkspur.example"
    groups = "\n".join(
        f"Original-Recipient: rfc822;{alias}\nFinal-Recipient: rfc822; {member}\n"
        f"Action: failed\nStatus: {status}\n"
        for member, status in (("una@a.example", "5.2.1"), ("ted@b.example", "5.1.2"))
    )
    told = read_status_part(groups).recipients
    assert [(each.recipient, str(each.status)) for each in told] == [
        ("una@a.example", "5.2.1"),
        ("ted@b.example", "5.1.2"),
    ]


def test_without_an_address_in_the_machine_part_the_text_above_names_it() -> None:
    said = f"<{DANA}>: host mx.larkspur.example said: 550 5.1.1 User unknown"
    report = read(dsn("Action: failed\nStatus: 5.1.1\n", said=said))
    assert [each.recipient for each in report.recipients] == [DANA]


def test_the_text_above_tells_what_the_machine_part_leaves_out() -> None:
    said = f"<{DANA}>: host mx.larkspur.example[192.0.2.5] said: 552 5.2.2 Mailbox full"
    (report,) = read(
        dsn(f"Final-Recipient: rfc822; {DANA}\nAction: failed\n", said=said)
    ).recipients
    assert "Mailbox full" in report.diagnostic
    assert (report.status, report.remote_mta) == (StatusCode(5, 2, 2), "mx.larkspur.example")


@pytest.mark.parametrize("part_type", ["text/plain", "application/octet-stream", "text/plain; x=y"])
def test_a_status_part_under_another_type_is_a_status_part(part_type: str) -> None:
    raw = dsn(FAILED).replace("Content-Type: message/delivery-status", f"Content-Type: {part_type}")
    assert [each.recipient for each in read(raw).recipients] == [DANA]


def test_a_status_part_of_the_international_kind_is_read() -> None:
    raw = dsn("Final-Recipient: utf-8; δοκιμή@παράδειγμα.example\nAction: failed\nStatus: 5.1.1\n")
    raw = raw.replace("message/delivery-status", "message/global-delivery-status")
    assert [each.recipient for each in read(raw).recipients] == ["δοκιμή@παράδειγμα.example"]


def test_a_status_part_that_is_the_whole_message_is_read() -> None:
    raw = mail(FAILED, "Content-Type: message/delivery-status")
    assert [each.recipient for each in read(raw).recipients] == [DANA]
