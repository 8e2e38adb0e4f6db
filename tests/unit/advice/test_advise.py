"""A playbook fitted to one bounce: names, companies, lists and sizes as far as they are known."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.diagnosis.verdict import BounceType, Certainty, Diagnosis, ReasonId
from bounce_assistant.report.facts import (
    BounceReport,
    MessageKind,
    Notice,
    OriginalMessage,
    RecipientReport,
    ReportedBy,
)

Make = Callable[..., tuple[Diagnosis, BounceReport]]


def step_ids(known_bounce: Make, handbook: Handbook, cause: str, **changes: str) -> list[str]:
    return [step.id for step in advise(*known_bounce(cause, **changes), handbook).steps]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Dana Reyes <dana@example.com>", "Dana Reyes"),
        ('"Reyes, Dana" <DANA@example.com>', "Dana Reyes"),
        ("Someone Else <else@example.com>", "dana@example.com"),
        ("dana@example.com", "dana@example.com"),
        ('"dana@example.com" <dana@example.com>', "dana@example.com"),
    ],
)
def test_people_are_called_by_the_name_we_wrote(
    known_bounce: Make, handbook: Handbook, written: str, name: str
) -> None:
    bounce = known_bounce("inbox_full", address="dana@example.com", to=written)
    advice = advise(*bounce, handbook)
    assert advice.sentence == (
        f"The address is right, but there's no room until {name} clears some space."
    )


@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("dana@gmail.com", "Gmail"),
        ("dana@YAHOO.com", "Yahoo"),
        ("dana@comcast.net", "Comcast"),
        ("dana@oak.example", "The mail company at oak.example"),
    ],
)
def test_mail_companies_are_called_by_the_name_people_know(
    known_bounce: Make, handbook: Handbook, address: str, company: str
) -> None:
    sentence = advise(*known_bounce("user_unknown", address=address), handbook).sentence
    assert sentence == f"{company} says there is no mailbox called {address}."


@pytest.mark.parametrize("address", ["", "dana", "dana@", "dana@oak ridge.example"])
def test_a_company_without_a_domain_is_their_mail_company(
    known_bounce: Make, handbook: Handbook, address: str
) -> None:
    sentence = advise(*known_bounce("refused_554", address=address), handbook).sentence
    assert sentence.startswith("Their mail company hung up (code 554)")


def test_not_sure_asks_first_and_keeps_the_likely_way_out_beside_it(
    known_bounce: Make, handbook: Handbook
) -> None:
    advice = advise(*known_bounce("user_unknown", certainty="not sure"), handbook)
    assert advice.main_button.text == "Help me work it out..."
    assert advice.main_button.opens == "questions"
    assert advice.second_button
    assert advice.second_button.text == "Fix the address..."


def test_unsure_does_not_offer_the_questions_twice(known_bounce: Make, handbook: Handbook) -> None:
    advice = advise(*known_bounce("unsure", certainty="not sure"), handbook)
    assert advice.main_button.text == "Help me work it out..."
    assert advice.second_button
    assert advice.second_button.text == "Try again in 4 hours"


def test_a_cause_without_a_playbook_still_gets_help(known_bounce: Make, handbook: Handbook) -> None:
    advice = advise(*known_bounce("moon_phase"), handbook)
    assert advice.title == "We're not sure yet"
    assert advice.cause == "moon_phase"


@pytest.mark.parametrize(
    ("size", "limit", "sentence"),
    [
        ("31457280", "25 MB", "It is 30 MB, and Gmail takes 25 MB at most."),
        ("2048", "25 MB", "Gmail takes 25 MB at most, and your email is bigger than that."),
        ("31457280", "", "It is 30 MB, and that's more than Gmail takes."),
        ("2048", "", "It is bigger than Gmail takes."),
    ],
)
def test_only_a_size_that_can_be_true_is_named(
    known_bounce: Make, handbook: Handbook, size: str, limit: str, sentence: str
) -> None:
    bounce = known_bounce("too_big", address="dana@gmail.com", size=size, limit=limit)
    assert advise(*bounce, handbook).sentence == sentence


def test_a_list_is_asked_at_its_own_page_in_words_filled_in(
    known_bounce: Make, handbook: Handbook
) -> None:
    bounce = known_bounce("listed", service="Postfix", words="554 blocked using xbl.spamhaus.org")
    advice = advise(*bounce, handbook, my_name="Pat Morgan")
    assert advice.sentence.startswith("Spamhaus XBL lists 203.0.113.9, the server that sent this")
    step = next(step for step in advice.steps if step.id == "ask_removal")
    assert step.link == "https://check.spamhaus.org/"
    assert step.link_text == "Open the removal page of Spamhaus XBL"
    assert "Whoever runs the server may ask" in step.why
    assert "self-service, minutes" in step.why
    assert "please remove this entry from Spamhaus XBL." in step.copy
    assert "Server: 203.0.113.9" in step.copy
    assert "word for word: 554 blocked using xbl.spamhaus.org" in step.copy
    assert step.copy.endswith("Pat Morgan\npat@morgan.example")


@pytest.mark.parametrize(
    "changes",
    [
        {"ip": "209.85.218.50"},
        {"words": "550 client host mail-lf1-f50.google.com[203.0.113.9] blocked"},
        {"ip": ""},
    ],
    ids=["by its number", "by its name", "by who wrote the notice"],
)
def test_only_google_can_ask_for_google_servers(
    known_bounce: Make, handbook: Handbook, changes: dict[str, str]
) -> None:
    advice = advise(*known_bounce("listed", service="Google", **changes), handbook)
    assert advice.steps[0].title == "See whose server it is: Google owns it"
    assert "Only Google can ask" in advice.steps[0].why
    assert "ask_removal" not in [step.id for step in advice.steps]
    assert "tell_owner" in [step.id for step in advice.steps]


@pytest.mark.parametrize(
    ("list_id", "shown", "hidden"),
    [
        ("spamcop", "expires", "ask_removal"),
        ("uceprotect1", "no_paying", "ask_removal"),
        ("sorbs", "closed", "tell_owner"),
        ("customer_rbl", "theirs", "ask_removal"),
        ("spamhaus_sbl", "tell_owner", "ask_removal"),
        ("spamhaus_dbl", "ask_removal_domain", "ask_removal"),
        ("surbl", "ask_removal_domain", "ask_removal"),
    ],
)
def test_each_kind_of_list_gets_its_own_way_out(
    known_bounce: Make, handbook: Handbook, list_id: str, shown: str, hidden: str
) -> None:
    changes = {"list": "", "list_id": list_id, "service": "Postfix"}
    ids = step_ids(known_bounce, handbook, "listed", **changes)
    assert shown in ids
    assert hidden not in ids


def test_every_list_we_know_gives_two_to_six_steps(known_bounce: Make, handbook: Handbook) -> None:
    for blocklist in handbook.blocklists:
        for service in ("Postfix", "Google"):
            ip = "" if service == "Google" else "203.0.113.9"
            changes = {"list": "", "list_id": blocklist.id, "service": service, "ip": ip}
            ids = step_ids(known_bounce, handbook, "listed", **changes)
            assert 2 <= len(ids) <= 6, (blocklist.id, ids)


def test_a_list_is_known_by_the_words_of_the_refusal_alone(
    known_bounce: Make, handbook: Handbook
) -> None:
    words = "554 5.7.1 blocked using b.barracudacentral.org"
    bounce = known_bounce("listed", list="", list_id="", words=words, service="Postfix")
    step = next(s for s in advise(*bounce, handbook).steps if s.id == "ask_removal")
    assert step.link == "https://www.barracudacentral.org/rbl/removal-request"


def test_sender_records_are_about_my_own_domain(known_bounce: Make, handbook: Handbook) -> None:
    sentence = advise(*known_bounce("sender_records", service="SendGrid"), handbook).sentence
    assert sentence == (
        "The sender records (SPF, DKIM, DMARC) for morgan.example are missing"
        " or don't cover SendGrid."
    )


def test_a_notice_from_the_other_side_does_not_name_our_service(
    known_bounce: Make, handbook: Handbook
) -> None:
    bounce = known_bounce("sign_in", service="Yahoo", address="dana@yahoo.com")
    assert advise(*bounce, handbook).sentence.startswith("Your email provider wants you")


def test_google_is_never_said_to_send_for_gmail_from_elsewhere(
    known_bounce: Make, handbook: Handbook
) -> None:
    google = advise(*known_bounce("dmarc_gmail", service="Google"), handbook)
    assert google.sentence.startswith("Another service sent as your @gmail.com address")
    sendgrid = advise(*known_bounce("dmarc_gmail", service="SendGrid"), handbook)
    assert sendgrid.sentence.startswith("SendGrid sent as your @gmail.com address")


def test_a_personal_gmail_sender_gets_google_limits_not_workspace_ones(
    known_bounce: Make, handbook: Handbook
) -> None:
    gmail = step_ids(known_bounce, handbook, "daily_limit", sender="pat@gmail.com")
    assert "gmail_limit" in gmail
    assert "workspace_limit" not in gmail
    own = step_ids(known_bounce, handbook, "daily_limit")
    assert "workspace_limit" in own
    assert "gmail_limit" not in own


def test_the_batch_case_offers_every_way_the_agent_asked_for(
    known_bounce: Make, handbook: Handbook
) -> None:
    advice = advise(*known_bounce("batch_blocked", sender="pat@gmail.com"), handbook, count=23)
    ids = [step.id for step in advice.steps]
    assert ids == ["compare", "fewer", "content", "fub_domain", "workspace", "sendgrid"]
    sendgrid = advice.steps[-1]
    assert "from an @gmail.com address it cannot work" in sendgrid.why
    assert "three CNAME records" in sendgrid.copy
    assert "smtp.google.com, priority 1" in advice.steps[-2].copy


def test_a_long_domain_does_not_burst_the_title(known_bounce: Make, handbook: Handbook) -> None:
    address = "dana@a-very-long-brokerage-name-that-nobody-reads.example"
    advice = advise(*known_bounce("domain_unknown", address=address), handbook)
    assert advice.title == "There's nothing after the @"


def test_some_got_it_counts_only_those_who_did_not(known_bounce: Make, handbook: Handbook) -> None:
    diagnosis, report = known_bounce("partly", n="")
    both = replace(report, recipients=(report.recipients[0],) * 2)
    assert advise(diagnosis, both, handbook).title == "Some people got it, 2 didn't"
    assert advise(diagnosis, report, handbook).title == "Some people got it, some didn't"


def test_a_line_of_a_letter_that_nobody_can_fill_is_left_out(
    known_bounce: Make, handbook: Handbook
) -> None:
    advice = advise(*known_bounce("not_allowed", sender="", words=""), handbook)
    letter = advice.steps[0].copy
    assert letter.startswith("Hi Dana,")
    assert "The address to add" not in letter
    assert letter.endswith("Thank you!")


def test_who_answers_by_itself_is_called_by_its_name(
    known_bounce: Make, handbook: Handbook
) -> None:
    diagnosis, report = known_bounce("out_of_office", time="")
    reply = Notice(headers=(("From", "Dana Reyes <dana.reyes@example.com>"),))
    advice = advise(diagnosis, replace(report, original=None, notice=reply), handbook)
    assert advice.sentence == "Your email arrived; Dana Reyes is away."


def test_letters_are_signed_with_the_name_we_wrote_under(
    known_bounce: Make, handbook: Handbook
) -> None:
    diagnosis, report = known_bounce("user_unknown")
    assert report.original
    headers = (*report.original.headers, ("From", "Pat Morgan <pat@morgan.example>"))
    named = replace(report, original=replace(report.original, headers=headers))
    text = next(s for s in advise(diagnosis, named, handbook).steps if s.id == "ask_them").copy
    assert text == (
        "Hi Dana, an email I sent you came back. What's the best address for you?\n- Pat Morgan"
    )
    other = advise(diagnosis, named, handbook, my_name="Patricia").steps
    assert next(s for s in other if s.id == "ask_them").copy.endswith("- Patricia")


def test_one_day_is_not_one_days(known_bounce: Make, handbook: Handbook) -> None:
    assert advise(*known_bounce("gave_up", days="1"), handbook).title == (
        "Gave up after 1 day of trying"
    )
    assert advise(*known_bounce("gave_up", days="11"), handbook).title == (
        "Gave up after 11 days of trying"
    )


@pytest.mark.parametrize(
    "words",
    [
        "host mx.example.com [203.0.113.9] SMTP error: 550 no PTR record",
        "connect to mx.example.com[203.0.113.9]:25: timed out",
    ],
)
def test_the_number_of_their_server_is_not_taken_for_ours(
    known_bounce: Make, handbook: Handbook, words: str
) -> None:
    advice = advise(*known_bounce("server_name", words=words), handbook)
    assert "Sending server" not in advice.steps[0].copy
    ours = "550 Client host mail.example.net[203.0.113.9] has no PTR record"
    advice = advise(*known_bounce("server_name", words=ours), handbook)
    assert "Sending server: 203.0.113.9" in advice.steps[0].copy


def test_an_address_with_braces_is_not_quoted_at_all(
    known_bounce: Make, handbook: Handbook
) -> None:
    advice = advise(*known_bounce("user_unknown", address="{name}@example.com", to=""), handbook)
    assert advice.sentence == "The mail company at example.com says there is no such mailbox."


def test_a_name_of_blanks_alone_is_no_name(known_bounce: Make, handbook: Handbook) -> None:
    dana = "dana@example.com"
    advice = advise(*known_bounce("inbox_full", address=dana, to=f"\x85 <{dana}>"), handbook)
    assert dana in advice.sentence


odd_text = st.text(max_size=200)


@settings(deadline=None)  # the first one compiles the patterns of every list
@given(
    address=odd_text, name=odd_text, words=odd_text, service=odd_text, slots=st.lists(
        st.tuples(st.sampled_from(["ip", "list", "list_id", "limit", "days", "time", "n", "x"]),
                  odd_text), max_size=4),
)  # fmt: skip
def test_no_mail_is_odd_enough_to_break_the_card(
    handbook: Handbook, address: str, name: str, words: str, service: str,
    slots: list[tuple[str, str]],
) -> None:  # fmt: skip
    recipient = RecipientReport(address, diagnostic=words)
    report = BounceReport(
        MessageKind.BOUNCE,
        ReportedBy(service),
        (recipient,),
        OriginalMessage(sender=address, headers=(("To", f"{name} <{address}>"),)),
    )
    for cause in handbook.playbooks:
        diagnosis = Diagnosis(
            recipient, ReasonId("x"), cause, BounceType.SOFT, Certainty.LIKELY, 0.5,
            slots=tuple(slots),
        )  # fmt: skip
        advice = advise(diagnosis, report, handbook)
        assert len(advice.sentence.split()) <= 25
        assert len(advice.title) <= 45
        assert not set("{}") & set(advice.title + advice.sentence + advice.main_button.text)
        assert all(not set("{}") & set(step.title + step.why + step.copy) for step in advice.steps)
