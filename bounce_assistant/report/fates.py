"""What became of each of several people, where a notice in words tells them apart."""

import re
from collections.abc import Sequence

from bounce_assistant.report.facts import ARRIVED, DsnAction, MessageKind, RecipientReport
from bounce_assistant.report.notice_words import NoticeWords

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
# "250 2.1.5 ok" beside an address, perhaps after a word: RFC 5321, section 4.2.3.
_TAKEN = re.compile(
    r"\W{0,12}(?:\w{1,12}\W{1,4})?25[01](?: 2\.\d\.\d)?(?![\w.:])(?!.*[45]\.\d\.\d)"
)
_FINAL = re.compile(r"(?<![\w.-])5(?:\d\d[ -]|\.\d\.\d)")  # a server's last word
_HEADING_END = (":", "---", "===", "***", "：")
_LONGEST_HEADING = 300  # characters


def heading_before(said: str, since: int, line_start: int) -> int:
    """Return where the heading begins that stands between a text's place and a line, or -1.

    ``since`` is where the address above ends, 0 for the first one. A heading is a paragraph of
    its own that announces what follows.
    """
    between = said[since:line_start].rstrip()
    begin = 0
    for gap in _PARAGRAPH.finditer(between):
        begin = gap.end()
    last = between[begin:]
    is_own = begin or not since
    if not is_own or not last or not last.endswith(_HEADING_END) or len(last) > _LONGEST_HEADING:
        return -1
    return since + begin


def tell_fates(people: Sequence[tuple[str, ...]], words: NoticeWords) -> list[DsnAction | None]:
    """Return what became of each person, by the first text beside the address that says so.

    ``people`` has for each the texts that may tell, lower case, the nearest first. None for all of
    them unless the fates differ: what happened to everybody is the kind of the whole notice.
    """
    fates = [_fate_of(texts, words) for texts in people]
    known = {DsnAction.DELIVERED if each in ARRIVED else each for each in fates if each}
    if known == {DsnAction.DELIVERED}:
        # In a notice about several it did not reach them all; only what is nearest tells whom.
        fates = [fate_in(texts[0], words) if texts else None for texts in people]
        return fates if None in fates else [None] * len(fates)
    return fates if len(known) > 1 else [None] * len(fates)


def _fate_of(texts: tuple[str, ...], words: NoticeWords) -> DsnAction | None:
    """Return the first fate that the texts tell, the nearest first.

    A heading that says mail is still tried also holds for what went wrong so far, beside it.
    """
    fate = next(filter(None, (fate_in(each, words) for each in texts)), None)
    is_tried = fate is DsnAction.FAILED and fate_in(texts[-1], words) is DsnAction.DELAYED
    return DsnAction.DELAYED if is_tried and not _FINAL.search(texts[0]) else fate


def fate_in(text: str, words: NoticeWords) -> DsnAction | None:
    """Tell what a few lower-case words say was done; None if they do not say."""
    flat = " ".join(text.split()).replace("\u2019", "'")
    if _TAKEN.match(flat):
        return DsnAction.DELIVERED
    if words.given_up.any_in(flat):
        return DsnAction.FAILED
    for phrases, action in (
        (words.fate.late, DsnAction.DELAYED),
        (words.fate.missed, DsnAction.FAILED),
    ):
        if phrases.any_in(flat):
            return action
    if not words.fate.arrived.any_in(flat):
        return None
    # "not" may stand far from "delivered"; who was missed must never be called reached.
    told = {group for sentence in words.statements.sentences(flat) for group in sentence.places}
    return DsnAction.DELIVERED if told.isdisjoint({"not", "back"}) else DsnAction.FAILED


def kind_of(recipients: tuple[RecipientReport, ...]) -> MessageKind:
    """Tell a notice's kind by the worst that happened to anyone (RFC 3464, section 2.3.3)."""
    actions = {each.dsn_action for each in recipients}
    if None in actions:
        classes = {each.status.class_ for each in recipients if each.status}
        failed = 5 in classes or 4 in classes or not classes  # noqa: PLR2004 - status classes
        actions |= {DsnAction.FAILED if failed else DsnAction.DELIVERED}
    if DsnAction.FAILED in actions:
        return MessageKind.BOUNCE
    return MessageKind.DELAY if DsnAction.DELAYED in actions else MessageKind.DELIVERED
