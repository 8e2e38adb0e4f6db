"""Takes for a notice what a machine writes of somebody, if it reads like a reason that mail has."""

import math
import re
from collections.abc import Callable

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.kinds import Signs, weigh_against
from bounce_assistant.report.machines import is_named_as_machine, writes_by_itself
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.statements import is_through_service, of_a_board
from bounce_assistant.report.told import (
    is_form,
    names_whom_it_missed,
    tells_of_absence,
    tells_of_arrival,
    tells_of_mail,
    tells_of_missed,
    tells_of_own,
)

# How much speaks for a text to give a reason why mail did not arrive: log-odds against none.
Likens = Callable[[str], float]
_SAID = 1500  # characters in which a notice says whom it is about, and why
# What has to speak for a reason, by how many of three things a mail does: it speaks of the reader's
# mail, says that it did not arrive, and has a subject of a notice.
_FROM_SERVERS = (40.0, 25.0, 10.0, 10.0)  # where nobody may answer: RFC 5321, section 4.5.5
_FROM_OTHERS = (math.inf, 60.0, 30.0, 15.0)
_DOUBT = 15.0  # more, where one of its words is one of ordinary mail
_PERSONAL = re.compile(r"[^\w'](?:my|i|i'm|i've|mein|meine|meinen|mich|mon|mes|mi|mis)(?: \w)")
_MAY_SPEAK_AGAINST = {"words of ordinary mail -2"}


def reads_like_notice(
    message: Part, notice: Notice, said: str, signs: Signs, words: NoticeWords, likens: Likens
) -> bool:
    """Tell whether a machine names a stranger and what it says is like a reason of a server."""
    against = _against(message, notice, said, signs, words)
    if not set(against) <= _MAY_SPEAK_AGAINST:
        return False
    is_machine = is_named_as_machine(message, notice, words)
    is_servers = notice.return_path == ""
    is_answer = message.get("auto-submitted").lower().startswith("auto-repl")
    is_program = writes_by_itself(message, notice) and (
        is_servers or not is_through_service(message, notice, words)
    )
    if not is_machine and (is_answer or not is_program):
        return False
    said = said[:_SAID]
    if is_form(said) or not names_whom_it_missed(said, notice, words):
        return False
    flat = flatten(f" {notice.subject}. {said}")
    if (
        (not is_servers and _PERSONAL.search(flat))
        or not tells_of_mail(flat, words)
        or tells_of_absence(notice.subject, flat, words)
        or tells_of_arrival(flat, words)
        or words.challenge.in_text.any_in(flat)
        or words.coming_in.any_in(flat)
        or words.other_matters.told_by(message, notice, flat, is_own=tells_of_own(flat, words))
    ):
        return False
    if not (is_servers and signs.by_machine) and of_a_board(notice.subject.lower()):
        return False
    claims = (
        tells_of_own(flat, words),
        tells_of_missed(flat, words),
        words.bounce.in_subject.any_in(notice.subject.lower()),
    )
    needed = (_FROM_SERVERS if is_servers else _FROM_OTHERS)[sum(claims)]
    return likens(f"{notice.subject}. {said}") >= needed + _DOUBT * len(against)


def _against(
    message: Part, notice: Notice, said: str, signs: Signs, words: NoticeWords
) -> list[str]:
    """Return what speaks against a notice; where nothing spoke for one, nobody has asked yet."""
    if signs.names:
        return [name for name in signs.names if " -" in name]
    asked = Signs()
    weigh_against(message, notice, flatten(said), words, asked)
    return [name for name in asked.names if name not in _MAY_SPEAK_AGAINST]
