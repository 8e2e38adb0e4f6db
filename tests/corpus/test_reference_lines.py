"""Every line of the reference tables means here what it means there."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bounce_assistant.diagnosis.verdict import Certainty
from bounce_assistant.services.examine import examine_words
from bounce_assistant.services.knowledge import load_knowledge
from tests.corpus.reference_lines import Line, google_lines, pattern_lines, status_lines

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="There are no reference pages beside this checkout."
)
HARD = frozenset(["user_unknown", "domain_unknown", "typo", "mailbox_off", "moved", "bad_format"])
# What a line is about, in the tables' words -> the causes that say so.
CAUSES = {
    "recipient": HARD | {"inbox_full", "too_fast", "server_down", "asked_to_wait", "too_big"},
    "recipient_policy": {"not_allowed", "members_only", "prove_human", "asked_to_wait"},
    "reputation_ip": {"reputation", "listed", "refused_554", "too_fast"},
    "reputation_domain": {"reputation", "listed"},
    "blocklist": {"listed", "not_allowed", "reputation"},
    "content": {"content", "attachment", "batch_blocked", "format", "too_big"},
    "volume": {"too_fast", "daily_limit"},
    "auth": {"sender_records", "dmarc_gmail"},
    "infrastructure": {"server_name", "secure_needed", "refused_554", "wrong_server"},
    "own_limit": {"daily_limit", "too_fast"},
    "own_account": {"sign_in", "daily_limit", "reputation"},
    "own_setup": {"wrong_server", "sign_in", "secure_needed", "sender_records", "server_name"},
    "own_login": {"sign_in"},
    "protocol": {"format", "server_name"},
    "policy": {"not_allowed", "content", "reputation"},
    "system": {"server_down", "gave_up", "asked_to_wait", "too_fast", "loop", "secure_needed"},
}
TYPES = {"hard": {"hard"}, "soft": {"soft"}, "block": {"blocked"}}
# Where "for now" and "refused" are both fair: limits, loops, a sender who may be let in later.
EITHER = frozenset(["too_fast", "daily_limit", "loop", "not_allowed", "reputation", "server_name"])
# Fragments that say nothing alone, or less than the table takes from them.
BARE = {
    "address found",
    "DNS error domain",
    "ERS-",
    "blocked by",
    "blocked",
    "banned",
    "invalid address",  # nobody there, rather than a fault of the sending program
    "invalid characters",
}
# Codes that servers use for something else than their standard says.
USED_OTHERWISE = {
    "X.2.0": {"not_allowed"},  # of the recipient's own filter
    "X.2.4": {"server_down"},
    "X.3.2": {"server_down", "domain_unknown"},
    "X.3.3": {"server_down"},
    "X.4.4": {"domain_unknown"},  # that no way leads there: with Exchange the name doesn't exist
    "X.4.5": {"daily_limit"},  # Google's for what an account may send in a day
    "X.6.7": {"format"},
    "X.7.11": {"secure_needed"},
    "X.7.12": {"not_allowed"},  # Microsoft's for a sender who isn't let in
    "X.7.13": {"not_allowed"},
    "X.7.27": {"sender_records"},
    "X.7.29": {"secure_needed"},  # Google's for a missing secure connection
    "X.7.30": {"sender_records"},  # Google's for a missing DKIM signature
}
OTHER_RULE = {"compliant", "Message not allowed", "content denied", "content rejected"}


def wrong(lines: Iterable[Line], *, sure: bool) -> list[str]:
    """Return the lines whose meaning is not theirs, with what was said instead."""
    knowledge = load_knowledge()
    found: list[str] = []
    for line in lines:
        if line.words in BARE | OTHER_RULE:
            continue
        (diagnosis,) = examine_words(line.words, knowledge).diagnoses
        types = TYPES[line.kind] | ({"soft", "blocked"} if diagnosis.cause in EITHER else set())
        is_doubt = sure and diagnosis.certainty is Certainty.NOT_SURE
        is_dead = line.kind == "hard" and diagnosis.cause not in HARD
        is_right = diagnosis.cause in CAUSES[line.about] and not is_dead
        if is_doubt or not is_right or (sure and diagnosis.bounce_type not in types):
            found.append(
                f"{line.name} {line.words!r}: {line.kind}/{line.about}, not "
                f"{diagnosis.bounce_type}/{diagnosis.cause} ({diagnosis.certainty})"
            )
    return found


def test_googles_codes_mean_what_google_says() -> None:
    assert wrong(google_lines(REFERENCE / "google_smtp_codes.csv"), sure=True) == []


def test_what_mail_companies_say_means_what_they_mean_by_it() -> None:
    assert wrong(pattern_lines(REFERENCE / "provider_rejections.toml"), sure=True) == []


def test_general_wordings_mean_what_they_say() -> None:
    assert wrong(pattern_lines(REFERENCE / "generic_rejections.toml"), sure=False) == []


def test_each_standard_code_means_what_its_standard_says() -> None:
    """A code alone makes nobody sure; but what is said of it must not be something else."""
    knowledge = load_knowledge()
    found: list[str] = []
    for line in status_lines(REFERENCE / "status_codes.csv"):
        (diagnosis,) = examine_words(line.words, knowledge).diagnoses
        fair = {"unsure", *CAUSES[line.about], *USED_OTHERWISE.get(line.name, ())}
        sure = diagnosis.certainty is Certainty.ALMOST_CERTAIN
        if diagnosis.cause not in fair or (sure and line.words[4:] == line.name):
            found.append(f"{line.words!r}: {line.about}, not {diagnosis.cause}")
    assert not found, "\n".join(found)
