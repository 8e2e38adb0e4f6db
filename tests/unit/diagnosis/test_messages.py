"""What the agent is told about whole messages. Data: messages.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.services.examine import Yours, examine_message
from tests.unit.diagnosis.reports import KNOWLEDGE

MESSAGES = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))["message"]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["about"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_message_is_told_by_its_context(message: dict[str, Any], line_end: str) -> None:
    raw = message["raw"].replace("\n", line_end).encode()
    own = frozenset(message.get("own", []))
    diagnoses = examine_message(raw, KNOWLEDGE, yours=Yours(own)).diagnoses
    assert len(diagnoses) == message.get("people", 1)
    for told in diagnoses:
        assert (told.reason, told.cause) == (message["reason"], message["cause"]), told.evidence
        assert message.get("slots", {}).items() <= dict(told.slots).items()
