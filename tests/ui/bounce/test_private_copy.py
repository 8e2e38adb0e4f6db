"""A private copy tells what went wrong, and nobody's name."""

from msgspec.structs import replace

from bounce_assistant.report.facts import BounceReport, MessageKind, Notice
from bounce_assistant.ui.bounce.private_copy import private_copy
from tests.ui.made_up_cases import ORIGINAL, report_of


def test_names_and_addresses_are_gone_and_codes_stay() -> None:
    report = report_of()
    copy = private_copy(report)
    for secret in ("dana", "reyes", "Sam", "sam.hill", "Hill", "Open house", "Maple"):
        assert secret.lower() not in copy.lower(), secret
    assert "550 5.1.1" in copy
    assert "mx.example.com" in copy
    assert "••••@example.com" in copy


def test_an_address_written_into_a_return_path_is_found_as_well() -> None:
    headers = (
        ("Return-Path", "<bounce+dana.reyes=example.com@lists.example.net>"),
        ("List-Unsubscribe", "<https://lists.example.net/u?who=dana.reyes%40example.com>"),
        ("To", '"Reyes, Dana" <dana.reyes@example.com>'),
    )
    copy = private_copy(BounceReport(MessageKind.BOUNCE, notice=Notice(headers=headers)))
    assert "reyes" not in copy.lower()


def test_signatures_that_can_be_looked_up_are_left_out() -> None:
    original = replace(ORIGINAL, headers=(("DKIM-Signature", "v=1; b=abcdef"),))
    assert "abcdef" not in private_copy(report_of(original=original))


def test_a_name_in_the_words_of_the_notice_is_replaced_whatever_its_case() -> None:
    copy = private_copy(report_of("Sorry, DANA REYES has left. Ask Reyesville."))
    assert "DANA" not in copy
    assert "Reyesville" in copy, "only whole words are names"
