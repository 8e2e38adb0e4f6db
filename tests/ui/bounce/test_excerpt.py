"""The words that decided are shown with what stands around them."""

from hypothesis import given
from hypothesis import strategies as st

from bounce_assistant.diagnosis.verdict import Evidence
from bounce_assistant.ui.bounce.excerpt import excerpt, telling
from tests.ui.made_up_cases import TEXT, evidence_in


def test_the_deciding_words_are_marked_and_their_neighbours_are_not() -> None:
    evidence = evidence_in(TEXT, ("550 5.1.1", "a code"), ("does not exist", "words"))
    pieces = excerpt(TEXT, evidence)
    assert [text for text, is_marked in pieces if is_marked] == ["550 5.1.1", "does not exist"]
    shown = "".join(text for text, _ in pieces)
    assert "The response from the remote server was:" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "Final-Recipient" not in shown


def test_at_most_three_places_are_marked() -> None:
    words = ("Address", "message", "delivered", "couldn't", "unable")
    pieces = excerpt(TEXT, evidence_in(TEXT, *((word, "why") for word in words)))
    assert sum(is_marked for _, is_marked in pieces) == 3


def test_words_inside_other_words_are_not_told_twice() -> None:
    evidence = evidence_in(
        TEXT,
        ("couldn't be found", "a phrase"),
        ("be found", "the end of it"),
        ("550 5.1.1", "a code"),
        ("does not exist", "words"),
    )
    assert [one.says for one in telling(TEXT, evidence)] == ["a phrase", "a code", "words"]


def test_a_notice_without_known_words_shows_its_beginning() -> None:
    assert excerpt("Sorry.\n" * 1000, ())[0][0].startswith("Sorry.\nSorry.")
    assert len(excerpt("Sorry.\n" * 1000, ())[0][0]) < 1300
    assert excerpt("", ()) == []


def test_words_that_are_not_in_the_notice_mark_nothing() -> None:
    pieces = excerpt(TEXT, (Evidence("x", "why"), Evidence("y", "why", 10, 99999)))
    assert not any(is_marked for _, is_marked in pieces)


def test_a_notice_of_one_endless_line_shows_only_the_part_around_the_words() -> None:
    text = "a" * 500_000 + " 550 " + "b" * 500_000
    shown = "".join(piece for piece, _ in excerpt(text, evidence_in(text, ("550", "code"))))
    assert len(shown) < 1000


PLACES = st.tuples(st.integers(-5, 70), st.integers(-5, 70))


@given(st.text(alphabet="ab \n\r\u202e😀", max_size=60), st.lists(PLACES, max_size=5))
def test_odd_evidence_never_loses_or_doubles_a_word(
    text: str, places: list[tuple[int, int]]
) -> None:
    evidence = [Evidence("", "why", start, end) for start, end in places]
    pieces = excerpt(text, evidence)
    for piece, is_marked in pieces:
        assert not is_marked or piece in text
    shown = "".join(piece for piece, _ in pieces)
    assert shown.replace("…", "").count("a") <= text.count("a")
