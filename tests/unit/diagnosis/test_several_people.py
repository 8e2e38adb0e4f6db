"""Notices in words about several people: each is named, with what became of the mail to each."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.knowledge import load_knowledge
from tests.unit.report.mails import mail

KNOWLEDGE = load_knowledge()
NOTICES = tomllib.loads(Path(__file__).with_name("several_people.toml").read_text("utf-8"))


@pytest.mark.parametrize("notice", NOTICES["notice"], ids=lambda notice: notice["layout"])
def test_each_person_is_told_apart(notice: dict[str, Any]) -> None:
    raw = mail(notice["said"], *notice.get("fields", []), subject=notice["subject"])
    examination = examine_message(raw.encode(), KNOWLEDGE)
    told = [[each.recipient.recipient, each.reason, each.cause] for each in examination.diagnoses]
    assert told == notice["people"]
    assert examination.report.kind.value == notice["kind"]


def test_line_ends_of_old_computers_are_line_ends() -> None:
    raw = mail("<dana@larkspur.example>: 550 5.1.1 user unknown\n").encode()
    old = examine_message(raw.replace(b"\n", b"\r"), KNOWLEDGE)
    assert old.report.recipients == examine_message(raw, KNOWLEDGE).report.recipients
    assert [each.reason for each in old.diagnoses] == ["userunknown"]
