"""An address is checked as far as it goes, and never more is said than was learned."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounce_assistant.advice.address import Suggestion
from bounce_assistant.advice.findings import AddressResult, FindingId
from bounce_assistant.checks.recipient import Contact
from bounce_assistant.checks.resolver import Resolver
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import CancelledError
from bounce_assistant.services.fixes.verify_address import (
    AddressCheck,
    AddressQuestion,
    verify_address,
)
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.store import Store, open_store
from tests.servers.ports import free_port
from tests.store.keep import MONDAY, keep, verdict

FINE, WRONG = AddressResult.FINE, AddressResult.LOOKS_WRONG
GONE, UNSURE = AddressResult.DOES_NOT_EXIST, AddressResult.CANT_TELL
Verify = Callable[..., AddressCheck]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "bounces.sqlite3")


@pytest.fixture
def verify(store: Store, knowledge: Knowledge) -> Verify:
    def check(question: AddressQuestion | str, names: Resolver | None = None) -> AddressCheck:
        return verify_address(question, store, knowledge, Job(), names=names, now=MONDAY)

    return check


def counted(check: AddressCheck) -> set[FindingId]:
    return {each.id for each in check.advice.learned if each.counts}


@pytest.mark.parametrize(
    ("typed", "result", "found"),
    [
        ("dana@oakfield-homes.com", UNSURE, FindingId.NOT_CHECKED),
        ("dana@gmial.com", WRONG, FindingId.SLIP),
        ("dana@oakfield.con", WRONG, FindingId.SLIP),
        ("dana@gmaik.com", WRONG, FindingId.NEAR_COMMON),
        ("dana@comcast.com", UNSURE, FindingId.MAYBE_SLIP),
        ("dana@gmail", WRONG, FindingId.INCOMPLETE),
        ("not an address", WRONG, FindingId.INCOMPLETE),
        ("dana.reyes@gmail,com", WRONG, FindingId.MENDED),
        ("da@gmail.com", WRONG, FindingId.COMPANY_RULE),
        ("dana@maple.example", WRONG, FindingId.RESERVED),
        ("office@oakfield-homes.com", UNSURE, FindingId.ROLE),
        ("dana@mailinator.com", UNSURE, FindingId.DISPOSABLE),
        ("dana@inbox.mailinator.com", UNSURE, FindingId.DISPOSABLE),
    ],
)
def test_much_is_found_without_a_network(
    verify: Verify, typed: str, result: AddressResult, found: FindingId
) -> None:
    check = verify(typed)
    assert (check.advice.result, check.looked_up) == (result, "no")
    assert found in counted(check)


@pytest.mark.real
@pytest.mark.parametrize(
    ("typed", "result", "looked_up"),
    [
        ("dana@good.example", FINE, "yes"),
        ("info@good.example", FINE, "yes"),
        ("dana@website.example", UNSURE, "yes"),
        ("dana@null.example", GONE, "yes"),
        ("dana@nomail.example", GONE, "yes"),
        ("dana@gone.example", GONE, "yes"),
        ("dana@inside.example", WRONG, "yes"),
        ("dana@parked.example", WRONG, "yes"),
        ("dana@trouble.example", UNSURE, "could not check"),
        ("dana@trouble.invalid", UNSURE, "could not check"),
    ],
)
def test_the_domain_is_asked_about_when_told_to(
    verify: Verify, nsd: Resolver, typed: str, result: AddressResult, looked_up: str
) -> None:
    check = verify(typed, nsd)
    assert (check.advice.result, check.looked_up) == (result, looked_up)


def test_a_look_up_that_could_not_be_made_proves_nothing(verify: Verify) -> None:
    nobody = Resolver(["127.0.0.1"], port=free_port())
    check = verify("dana@oakfield-homes.com", nobody)
    assert (check.advice.result, check.looked_up) == (UNSURE, "could not check")
    assert check.advice.sentence == (
        'Could not check whether "oakfield-homes.com" takes mail: nobody answered in time.'
    )


def test_the_suggestion_is_the_button(verify: Verify) -> None:
    assert verify("dana@gmial.com").advice.suggestions == (
        Suggestion(
            "dana@gmail.com", "Use gmail.com...", '"gmial.com" is one slip away from "gmail.com".'
        ),
    )
    (whole,) = verify("dana.reyes (at) gmail.com").advice.suggestions
    assert (whole.address, whole.button) == ("dana.reyes@gmail.com", "Use dana.reyes@gmail.com...")


@pytest.mark.parametrize(
    ("cause", "result", "found"),
    [
        ("user_unknown", GONE, FindingId.GONE_BEFORE),
        ("mailbox_off", WRONG, FindingId.OFF_BEFORE),
        ("moved", WRONG, FindingId.MOVED_BEFORE),
        ("domain_unknown", WRONG, FindingId.NO_DOMAIN_BEFORE),
        ("out_of_office", FINE, FindingId.ARRIVED_BEFORE),
        ("delivered_note", FINE, FindingId.ARRIVED_BEFORE),
        ("inbox_full", UNSURE, FindingId.FULL_BEFORE),
        ("content", UNSURE, FindingId.NOT_CHECKED),  # says nothing about the address
        ("listed", UNSURE, FindingId.NOT_CHECKED),
    ],
)
def test_what_came_back_before_counts_for_what_it_proves(
    verify: Verify, store: Store, cause: str, result: AddressResult, found: FindingId
) -> None:
    keep(store, 1, verdict("Dana@oakfield-homes.com", cause=CauseId(cause), certainty="likely"))
    check = verify("dana@oakfield-homes.com")
    assert check.advice.result is result
    assert found in counted(check)


def test_the_last_word_about_an_address_stands(verify: Verify, store: Store) -> None:
    dana = "dana@oakfield-homes.com"
    keep(store, 1, verdict(dana, certainty="likely"))
    keep(store, 2, verdict(dana, cause=CauseId("out_of_office"), certainty="likely"))
    assert verify(dana).advice.result is FINE
    keep(store, 3, verdict(dana, cause=CauseId("content"), certainty="likely"))
    assert verify(dana).advice.result is FINE
    keep(store, 4, verdict(dana, certainty="likely"))
    assert verify(dana).advice.result is GONE
    assert verify(dana).advice.sentence == (
        "An email to it came back on 2 March: there is no such mailbox."
    )


def test_what_nobody_was_sure_of_proves_nothing(verify: Verify, store: Store) -> None:
    keep(store, 1, verdict("dana@oakfield-homes.com", certainty="not sure"))
    assert verify("dana@oakfield-homes.com").advice.result is UNSURE


@pytest.mark.real
def test_a_domain_that_is_there_now_outweighs_an_old_notice(
    verify: Verify, store: Store, nsd: Resolver
) -> None:
    old = verdict("dana@good.example", cause=CauseId("domain_unknown"), certainty="likely")
    keep(store, 1, old)
    assert verify("dana@good.example", nsd).advice.result is FINE


def test_the_same_person_is_found_at_another_address(verify: Verify, store: Store) -> None:
    away = CauseId("out_of_office")
    keep(store, 1, verdict("dana@work.com", name="Dana Reyes", cause=away, certainty="likely"))
    keep(store, 2, verdict("dana@old.com", name="dana reyes", certainty="likely"))
    keep(store, 3, verdict("dana@oakfield-homes.com", name="Dana Reyes", certainty="likely"))
    check = verify(AddressQuestion("dana@oakfield-homes.com", "Dana Reyes"))
    assert check.other_addresses == (Contact("dana@work.com", "Dana Reyes"),)
    assert [one.address for one in check.advice.suggestions] == ["dana@work.com"]
    assert verify("dana@oakfield-homes.com").other_addresses == ()


def test_an_address_one_slip_from_one_that_answered_is_suggested(
    verify: Verify, store: Store
) -> None:
    away = CauseId("out_of_office")
    keep(store, 1, verdict("john.smith@oakfield-homes.com", cause=away, certainty="likely"))
    keep(store, 2, verdict("unit1@oakfield-homes.com", cause=away, certainty="likely"))
    check = verify("jonh.smith@oakfield-homes.com")
    assert [one.address for one in check.advice.suggestions] == ["john.smith@oakfield-homes.com"]
    assert verify("unit2@oakfield-homes.com").advice.suggestions == ()


def test_a_domain_the_user_writes_to_is_known(
    verify: Verify, store: Store, knowledge: Knowledge
) -> None:
    keep(store, 1, verdict("dana@oakfield-homes.com", certainty="likely"))
    assert [one.address for one in verify("lee@oakfeild-homes.com").advice.suggestions] == [
        "lee@oakfield-homes.com"
    ]
    sent = AddressQuestion("lee@larkspr.com", contacts=(Contact("ann@larkspur.com"),))
    assert [one.button for one in verify(sent).advice.suggestions] == ["Use larkspur.com..."]


def test_a_dead_address_is_not_suggested(verify: Verify, store: Store) -> None:
    keep(store, 1, verdict("dana@gmail.com", certainty="almost certain"))
    check = verify("dana@gmial.com")
    assert (check.advice.result, check.advice.suggestions) == (WRONG, ())


@pytest.mark.parametrize(
    ("address", "person", "meant"),
    [
        ("jonh.smith@oakfield-homes.com", "John Smith", "john.smith@oakfield-homes.com"),
        ("JSmth@oakfield-homes.com", "J Smith", "jsmith@oakfield-homes.com"),
        ("johnsmth@oakfield-homes.com", "John Smith", "johnsmith@oakfield-homes.com"),
        ("j.reyse@oakfield-homes.com", "Reyes, Josefa", "j.reyes@oakfield-homes.com"),
        ("muller.eva@oakfield-homes.com", "Eva Müller", ""),
        ("sunny77@oakfield-homes.com", "John Smith", ""),
        ("john.smith@oakfield-homes.com", "John Smith", ""),
    ],
)
def test_a_letter_that_does_not_match_the_name_is_seen(
    verify: Verify, address: str, person: str, meant: str
) -> None:
    found = verify(AddressQuestion(address, person)).advice.suggestions
    assert [one.address for one in found] == ([meant] if meant else [])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=300) | st.emails(), person=st.text(max_size=60))
def test_whatever_is_typed_gets_an_answer(verify: Verify, typed: str, person: str) -> None:
    check = verify(AddressQuestion(typed, person))
    assert check.advice.result in {UNSURE, WRONG}
    assert check.advice.title
    assert not set("{}") & set(check.advice.title.replace(check.address, ""))


def test_stop_ends_the_check(store: Store, knowledge: Knowledge) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(CancelledError):
        verify_address("dana@oakfield-homes.com", store, knowledge, job)


@pytest.mark.real
def test_stop_ends_a_question_that_nobody_answers(
    store: Store, knowledge: Knowledge, nsd: Resolver
) -> None:
    class Slow:
        def ask(self, name: str, kind: str, stop: Callable[[], bool]) -> object:
            job.cancel()
            return nsd.ask(name, kind, stop)

    job = Job()
    with pytest.raises(CancelledError):
        verify_address("dana@good.example", store, knowledge, job, names=Slow())  # type: ignore[arg-type]


@pytest.mark.real
def test_all_that_was_learned_is_said_and_no_more(verify: Verify, nsd: Resolver) -> None:
    check = verify("info@good.example", nsd)
    takes_mail, office = check.advice.sentences
    assert takes_mail.startswith('"good.example" takes mail. Whether it has a mailbox of this')
    assert office.startswith("It belongs to an office rather than a person.")
    assert check.advice.caution == ""
    unheard = verify("dana@oakfield-homes.com", Resolver(["127.0.0.1"], port=free_port()))
    assert unheard.advice.caution.endswith('"can\'t tell" is an honest answer.')
