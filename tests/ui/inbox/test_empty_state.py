"""An empty list always says why it is empty, and what to do."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.store.rows import AccountId, CaseQuery, CaseState, SidebarCounts
from bounce_assistant.ui.inbox.empty_state import (
    EmptyState,
    Obstacle,
    Situation,
    explain_emptiness,
)

NOTHING = SidebarCounts()
SOME = SidebarCounts(needs_you=2, waiting=3, done=4)


def situation(
    query: CaseQuery,
    counts: SidebarCounts = SOME,
    *,
    has_account: bool = True,
    looked_at: int | None = 1204,
) -> Situation:
    return Situation(query, counts, has_account, looked_at)


@pytest.mark.parametrize(
    ("what", "title", "act"),
    [
        (situation(CaseQuery(), NOTHING, has_account=False), "No bounces yet", "connect"),
        (situation(CaseQuery(), NOTHING, looked_at=None), "Ready when you are", "check"),
        (situation(CaseQuery(), NOTHING), "All clear", "look_further"),
        (
            situation(CaseQuery(), SidebarCounts(waiting=3)),
            "Nothing needs you",
            "see_waiting",
        ),
        (situation(CaseQuery(), SidebarCounts(done=3)), "Nothing needs you", "see_done"),
        (situation(CaseQuery(search="danna")), 'No match for "danna"', "clear_search"),
        (
            situation(CaseQuery(group="setup")),
            "Nothing here with these filters",
            "clear_filters",
        ),
        (
            situation(CaseQuery(account=AccountId(1))),
            "Nothing here with these filters",
            "clear_filters",
        ),
        (situation(CaseQuery(state=CaseState.WAITING)), "Nothing is waiting", "see_needs_you"),
        (situation(CaseQuery(state=CaseState.DONE)), "Nothing is done yet", "see_needs_you"),
    ],
)
def test_each_empty_list_has_its_words_and_a_way_on(what: Situation, title: str, act: str) -> None:
    words = explain_emptiness(what)
    assert words.title == title
    assert words.act == act
    assert words.button
    assert not words.title.endswith(".")


def test_all_clear_says_how_much_was_looked_at() -> None:
    words = explain_emptiness(situation(CaseQuery(), NOTHING))
    assert words.sentence == (
        "We looked at 1,204 messages from the last 30 days and found no bounces."
    )


@pytest.mark.parametrize(
    ("problem", "title", "sentence", "button"),
    [
        (
            Obstacle(
                "Google asked you to sign in again.", "d@x.example", "4 March", is_for_sign_in=True
            ),
            "Google asked you to sign in again",
            "We stopped checking d@x.example on 4 March.",
            "Sign in",
        ),
        (
            Obstacle("Can't reach imap.gmail.com.", "d@x.example", "4 March", is_offline=True),
            "You're offline",
            "You can still open and diagnose saved emails.",
            "Try again",
        ),
        (
            Obstacle("The connection was cut.", "d@x.example", "4 March"),
            "Your mail couldn't be checked",
            "d@x.example: The connection was cut.",
            "Try again",
        ),
    ],
)
def test_an_inbox_that_could_not_be_looked_at_is_not_all_clear(
    problem: Obstacle, title: str, sentence: str, button: str
) -> None:
    now = situation(CaseQuery(), NOTHING, looked_at=None)
    words = explain_emptiness(replace(now, problem=problem))
    assert (words.title, words.sentence, words.button) == (title, sentence, button)
    clear = explain_emptiness(replace(now, problem=problem, looked_at=12))
    assert clear.title == "All clear", "another account could be looked at"


def test_one_waiting_email_is_spoken_of_as_one() -> None:
    words = explain_emptiness(situation(CaseQuery(), SidebarCounts(waiting=1)))
    assert words.sentence == "1 email is waiting for another try."


def test_the_button_says_what_it_does(qtbot: QtBot) -> None:
    page = EmptyState()
    qtbot.addWidget(page)
    page.show_emptiness(explain_emptiness(situation(CaseQuery(search="x"))))
    with qtbot.waitSignal(page.act_requested) as caught:
        page.button.click()
    assert caught.args == ["clear_search"]
    assert page.button.text() == "Clear search"


def test_in_a_low_window_the_icon_gives_way_and_the_words_stay(qtbot: QtBot) -> None:
    state = EmptyState()
    qtbot.addWidget(state)
    state.show_emptiness(explain_emptiness(situation(CaseQuery(), NOTHING)))
    state.setMinimumHeight(1)  # as in the list, whose own least height counts
    state.resize(560, 400)
    state.show()
    assert state._icon.isVisible()
    state.resize(560, 150)
    assert not state._icon.isVisible()
    assert state.rect().contains(state._title.geometry())
    assert state.rect().contains(state.button.geometry())
    state.resize(560, 400)
    assert state._icon.isVisible()
