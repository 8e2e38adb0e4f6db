"""What sending services report of single mails as JSON, each with names of its own."""

import json
from typing import Any

import pytest

from bounce_assistant.report.facts import BounceReport, MessageKind
from tests.unit.report.mails import mail, read

DANA, KIM = "dana@larkspur.example", "kim@quarry.example"
SERVICE = "Sender Events <events@sender.example>"


def told(what: Any, *, sender: str = SERVICE) -> BounceReport:
    path = "<events@sender.example>"
    return read(mail(json.dumps(what, indent=1), sender=sender, subject="1", return_path=path))


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(
            [{"email": DANA, "event": "bounce", "status": "5.1.1", "reason": "550 no such user"}],
            id="SendGrid",
        ),
        pytest.param(
            {
                "event-data": {
                    "event": "failed",
                    "severity": "permanent",
                    "recipient": DANA,
                    "delivery-status": {"code": 550, "message": "550 5.1.1 no such user"},
                }
            },
            id="Mailgun",
        ),
        pytest.param(
            {"RecordType": "Bounce", "Email": DANA, "Description": "550 no such user there"},
            id="Postmark",
        ),
        pytest.param(
            [
                {
                    "msys": {
                        "message_event": {"type": "bounce", "rcpt_to": DANA, "raw_reason": "550 no"}
                    }
                }
            ],
            id="SparkPost",
        ),
        pytest.param({"event": "hard_bounce", "email": DANA, "reason": "550 no one"}, id="Brevo"),
        pytest.param(
            {
                "type": "email.bounced",
                "data": {"to": [DANA], "bounce": {"message": "550 no such user"}},
            },
            id="Resend",
        ),
    ],
)
def test_a_mail_that_went_wrong_is_a_bounce(what: Any) -> None:
    report = told(what)
    assert report.kind is MessageKind.BOUNCE
    (missed,) = report.recipients
    assert missed.recipient == DANA
    assert missed.reply_code == "550"


def test_each_event_is_told_of_and_a_later_one_is_the_better_known() -> None:
    what = [
        {"email": DANA, "event": "deferred", "response": "451 come back later"},
        {"email": DANA, "event": "delivered", "response": "250 ok"},
        {"email": KIM, "event": "deferred", "response": "451 come back later"},
    ]
    report = told(what)
    assert report.kind is MessageKind.DELAY
    assert [each.recipient for each in report.recipients] == [DANA, KIM]


@pytest.mark.parametrize(
    "what",
    [
        pytest.param({"event": "payment.failed", "to": DANA, "reason": "card refused"}, id="money"),
        pytest.param([{"email": DANA, "event": "delivered"}], id="it arrived"),
        pytest.param([{"email": DANA, "event": "open"}], id="it was opened"),
        pytest.param({"event": "bounce", "email": "agent@oakfield.example"}, id="its reader's own"),
        pytest.param({"event": "bounce"}, id="nobody"),
        pytest.param([[[[[[[[{"event": "bounce", "email": DANA}]]]]]]]], id="too deep"),
        pytest.param(["bounce", DANA], id="no event"),
    ],
)
def test_other_events_are_none(what: Any) -> None:
    assert told(what).kind is MessageKind.NOT_A_BOUNCE


def test_a_person_who_shows_an_event_writes_a_letter() -> None:
    what = {"event": "bounce", "email": DANA, "reason": "550 no such user"}
    assert told(what, sender="Una Reed <una@example.net>").kind is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize("text", ['{"event": "bounce', "[" * 5000 + "a@b.example", '[1, "a@b.c"'])
def test_what_is_no_json_is_text(text: str) -> None:
    assert read(mail(text, sender=SERVICE, subject="1")).kind is MessageKind.NOT_A_BOUNCE


def test_a_log_of_mail_that_mostly_arrived_is_no_notice() -> None:
    arrived = [{"event": "delivered", "email": f"{n}@larkspur.example"} for n in range(3)]
    missed = {"event": "bounce", "email": DANA, "reason": "550 no such user"}
    assert told([*arrived, missed]).kind is MessageKind.NOT_A_BOUNCE
    assert told([arrived[0], missed]).kind is MessageKind.BOUNCE
