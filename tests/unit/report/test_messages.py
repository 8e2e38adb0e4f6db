"""Whole messages of many writers: what each is, and whom it names. Data: messages.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.unit.report.mails import read

MESSAGES = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))["message"]


def cases() -> list[Any]:
    return [
        pytest.param(
            message,
            id=message["source"].replace(" ", "_"),
            marks=[pytest.mark.xfail(reason=message["gap"])] if "gap" in message else [],
        )
        for message in MESSAGES
    ]


@pytest.mark.parametrize("message", cases())
def test_a_message_is_what_its_writer_meant(message: dict[str, Any]) -> None:
    report = read(message["raw"])
    assert report.kind.value == message["kind"], report.signs
    named = sorted(each.recipient for each in report.recipients)
    assert named == sorted(message.get("recipients", []))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["source"])
def test_a_message_fetched_from_a_mailbox_reads_the_same(message: dict[str, Any]) -> None:
    assert read(message["raw"].replace("\n", "\r\n")) == read(message["raw"])
