"""Every message of the corpus has a label that a person can trust and a program can read."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.diagnosis.verdict import BounceType
from bounce_assistant.report.facts import MessageKind
from bounce_assistant.services.prove import REASONS

MESSAGES = Path(__file__).parent / "messages"
LABELS = sorted(MESSAGES.glob("*.toml"))
TOP_KEYS = {"kind", "made_with", "held_out", "delivery"}
DELIVERY_KEYS = {"recipient", "reason", "reason_alt", "bounce_type", "status", "reply_code"}
FLAGS = {"reason_sure", "bounce_type_sure", "status_sure", "reply_code_sure"}
# Public names of mail services: a notice is known by them, and no person is named by them.
SERVICES = (
    "googlemail.com", "mail.gmail.com", "mx.google.com", "prod.outlook.com", "yahoo.com",
    "aol.com", "icloud.com", "mac.com", "zoho.com", "protonmail.com", "protonmail.ch",
    "amazonses.com", "sendgrid.net", "gmx.de", "gmx.net", "mimecast.lan", "abuse-att.net",
)  # fmt: skip
RESERVED = re.compile(r"(^|\.)(example(\.com|\.net|\.org)?|localhost|invalid|test)$")
ADDRESS = re.compile(rb"[\w.+'=-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
IPV4 = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
DOCUMENTATION = (b"192.0.2.", b"198.51.100.", b"203.0.113.", b"127.0.0.")
VERSIONS = (b"15.1.2507.37", b"8.17.1.9")  # of Exchange and Sendmail


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def test_every_message_has_a_label_and_every_label_a_message() -> None:
    messages = {path.stem for path in MESSAGES.glob("*.eml")}
    assert messages == {path.stem for path in LABELS}
    assert len(messages) > 400


def test_about_a_fifth_is_held_out_to_measure_on() -> None:
    held_out = sum(read(path)["held_out"] for path in LABELS)
    assert 0.15 < held_out / len(LABELS) < 0.25


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_a_label_uses_the_words_of_the_vocabulary(path: Path) -> None:
    label = read(path)
    assert set(label) <= TOP_KEYS
    kind = MessageKind(label["kind"])
    deliveries = label.get("delivery", [])
    assert bool(deliveries) == (kind is not MessageKind.NOT_A_BOUNCE)
    for delivery in deliveries:
        assert set(delivery) <= DELIVERY_KEYS | FLAGS
        assert "@" in delivery["recipient"]
        assert {delivery["reason"], *delivery.get("reason_alt", [])} <= REASONS
        assert delivery["reason"] not in delivery.get("reason_alt", [])
        assert re.fullmatch(r"([245]\.\d{1,3}\.\d{1,3})?", delivery.get("status", ""))
        assert re.fullmatch(r"([45]\d\d)?", delivery.get("reply_code", ""))
        if kind in {MessageKind.BOUNCE, MessageKind.DELAY} and delivery["reason"] != "delivered":
            assert BounceType(delivery["bounce_type"])


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_what_a_label_is_sure_of_stands_in_the_message(path: Path) -> None:
    raw = path.with_suffix(".eml").read_bytes()
    for delivery in read(path).get("delivery", []):
        for name in ("status", "reply_code"):
            if delivery.get(name) and delivery.get(f"{name}_sure", True):
                assert delivery[name].encode() in raw, name


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_a_message_names_nobody_real(path: Path) -> None:
    raw = path.with_suffix(".eml").read_bytes()
    assert b"\r" not in raw
    for host in {match.decode().lower() for match in ADDRESS.findall(raw)}:
        assert RESERVED.search(host) or host.endswith(SERVICES), host
    for address in IPV4.findall(raw):
        assert address.startswith(DOCUMENTATION) or address in VERSIONS, address
