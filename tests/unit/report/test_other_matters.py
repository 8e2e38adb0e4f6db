"""Machines write about much: a notice is about one mail, and goes to the one who sent it."""

import pytest

from bounce_assistant.report.facts import MessageKind
from tests.unit.report.mails import mail, read

SAID = "Delivery to dana@larkspur.example failed: 550 5.1.1 user unknown\n"


def test_a_notice_goes_to_nobody_but_its_reader() -> None:
    assert read(mail(SAID)).kind is MessageKind.BOUNCE
    assert read(mail(SAID, "Cc: lee@oakfield.example")).kind is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize("name", ["Nagios", "Queue Monitor", "logwatch", "Jira"])
def test_a_monitor_reports_what_it_sees(name: str) -> None:
    assert read(mail(SAID, sender=f"{name} <root@oakfield.example>")).kind is (
        MessageKind.NOT_A_BOUNCE
    )


@pytest.mark.parametrize(
    "topic", ["Oldest of 12 messages in queue", "See your SPF record", 'Rule "Leads" did it']
)
def test_a_topic_counts_only_where_no_mail_of_the_readers_is_told_of(topic: str) -> None:
    assert read(mail(f"{SAID}\n{topic}\n")).kind is MessageKind.NOT_A_BOUNCE
    own = f"Your message did not arrive.\n\n{SAID}\n{topic}\n"
    assert read(mail(own)).kind is MessageKind.BOUNCE


def test_a_header_that_names_who_failed_outweighs_words() -> None:
    raw = mail(f"{SAID}\nSee your SPF record\n", "X-Failed-Recipients: dana@larkspur.example")
    assert read(raw).kind is MessageKind.BOUNCE
