"""A machine that brings our own mail back needs few words beside it to be a notice."""

import pytest

from bounce_assistant.report.facts import MessageKind
from tests.unit.report.mails import mail, read, recipients

DANA = "dana@larkspur.example"
OURS = (
    "From: Agent <agent@oakfield.example>\nTo: dana@larkspur.example\n"
    "Subject: 12 Elm Street\nDate: Mon, 2 Mar 2026 08:59:00 +0000\n"
)
LETTER = f"{OURS}\nHello Dana, may I show you the garden?\n"
DOORMAN = "Larkspur Mail Doorman <doorman@larkspur.example>"
GENERATED = "Auto-Submitted: auto-generated"
TROUBLES = [
    f"Our doorman turned the pages twice; {DANA} is on none of them.",
    f"{DANA} moved out and took her letterbox along: nobody here opens it.",
    f"La persona {DANA} no figura en nuestra casa.",
    f"Chez nous, {DANA} est inconnu.",
    f"{DANA} ist hier niemandem ein Begriff.",
    f"{DANA} というかたは当社にいません。",
]


def attached(words: str, *fields: str, ours: str = LETTER, sender: str = DOORMAN) -> str:
    """Return a mail with these words and ours as an attachment."""
    return mail(
        f"--c1\nContent-Type: text/plain; charset=utf-8\n\n{words}\n"
        f"--c1\nContent-Type: message/rfc822\n\nMessage-ID: <1@oakfield.example>\n{ours}--c1--",
        "Content-Type: multipart/mixed; boundary=c1",
        *fields,
        sender=sender,
        subject="About what you sent",
    )


def written(words: str, *fields: str, sender: str = DOORMAN, path: str = "<>") -> str:
    """Return a mail with these words and ours below them, as text."""
    body = f"{words}\n\n-- What you sent --\n{LETTER}"
    return mail(body, *fields, sender=sender, subject="About what you sent", return_path=path)


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


@pytest.mark.parametrize("words", TROUBLES)
@pytest.mark.parametrize("form", [attached, written])
def test_our_mail_by_a_machine_with_any_word_of_trouble_is_a_notice(form, words: str) -> None:  # type: ignore[no-untyped-def]
    report = read(form(words))
    assert report.kind is MessageKind.BOUNCE, report.signs
    assert [each.recipient for each in report.recipients] == [DANA]
    assert report.original is not None
    assert report.original.subject == "12 Elm Street"


@pytest.mark.parametrize(
    ("fields", "path"),
    [((GENERATED,), "<doorman@larkspur.example>"), ((), "<bounce-7@larkspur.example>")],
)
def test_a_machine_is_known_by_its_header_or_its_name(fields: tuple[str, ...], path: str) -> None:
    assert recipients(written(TROUBLES[0], *fields, path=path)) == [DANA]


def test_the_words_of_a_notice_end_above_the_copy() -> None:
    report = read(written(TROUBLES[0]))
    assert report.text == TROUBLES[0]


def test_a_copy_may_be_quoted_as_answers_quote() -> None:
    body = f"{TROUBLES[0]}\n\nIt said:\n{quoted(LETTER)}"
    assert recipients(mail(body, sender=DOORMAN, subject="Not taken in")) == [DANA]


def test_a_name_without_its_domain_is_enough_where_the_copy_has_it() -> None:
    assert recipients(written("We looked for dana in every room and found nobody.")) == [DANA]


def test_only_those_are_meant_whom_our_mail_was_for() -> None:
    words = f"{DANA} has closed her account. The office, office@larkspur.example, is still there."
    assert recipients(written(words)) == [DANA]


def test_several_are_told_apart() -> None:
    ours = OURS.replace(f"To: {DANA}", f"To: {DANA}, kim@larkspur.example, ann@larkspur.example")
    words = f"{DANA} is unknown to us.\nkim@larkspur.example is full to the brim.\n"
    found = recipients(attached(words, ours=f"{ours}\nHello\n"))
    assert found == [DANA, "kim@larkspur.example"]


@pytest.mark.parametrize(
    "words",
    [
        f"The cellar of {DANA} is under water. Your mail waits and is handed in by Friday.",
        f"{DANA} is being moved to a new server; your mail will be delivered once she is there.",
        f"Ihre Nachricht an {DANA} liegt in der Warteschlange.",
    ],
)
def test_what_has_to_wait_is_a_delay(words: str) -> None:
    assert read(attached(words)).kind is MessageKind.DELAY


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            written(
                f"Dana has left, so I answer for her ({DANA} is not read any more). No, thank you.",
                "In-Reply-To: <1@oakfield.example>",
                sender="Jo Hill <jo@larkspur.example>",
                path="<jo@larkspur.example>",
            ),
            id="a colleague answers",
        ),
        pytest.param(
            written(f"{DANA} is not at her desk until Monday.", GENERATED, sender=f"Dana <{DANA}>"),
            id="the addressee's own mailbox answers",
        ),
        pytest.param(
            written(
                f"{DANA} is out of the office, and her mail is not read until Monday.",
                "Auto-Submitted: auto-replied",
                sender="Kim Lane <kim@larkspur.example>",
            ),
            id="a stand-in's automatic answer",
        ),
        pytest.param(
            written(f"Abwesend: {DANA} ist nicht im Büro.", "Auto-Submitted: auto-replied"),
            id="an office's automatic answer",
        ),
        pytest.param(
            attached(f"Your mail to {DANA} was delivered. That says not that she has read it."),
            id="a receipt",
        ),
        pytest.param(
            attached(f"A copy of your mail to {DANA} was stored. It cannot be changed any more."),
            id="an archive",
        ),
        pytest.param(
            attached(f"We have received your mail to {DANA}. Please do not reply.", GENERATED),
            id="an acknowledgement",
        ),
        pytest.param(
            attached(
                "Your mail to dana@larkspur.example waits: the list moderator can review it first."
            ),
            id="a moderated list",
        ),
        pytest.param(
            attached(f"Sender: agent@oakfield.example\nTo: {DANA}\n", sender="journal@x.example"),
            id="a journal",
        ),
    ],
)
def test_what_brings_mail_along_for_another_reason_is_no_bounce(raw: str) -> None:
    report = read(raw)
    assert report.kind not in {MessageKind.BOUNCE, MessageKind.DELAY}, report.signs


def test_somebody_elses_mail_proves_nothing() -> None:
    report = read(attached(TROUBLES[0], ours=LETTER.replace("agent@oakfield", "kim@oakfield")))
    assert not any("brings our mail back" in sign for sign in report.signs)
