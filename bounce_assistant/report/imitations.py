"""Tells a mail that imitates a notice, by whom it names and where it leads."""

from collections.abc import Sequence

from bounce_assistant.report.facts import Notice, OriginalMessage, RecipientReport
from bounce_assistant.report.kinds import RETURNED_SIGN, SUBJECT_SIGN, Signs
from bounce_assistant.report.lures import has_lure, is_lure, link_hosts
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.parts import Sorted
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.told import tells_of_yours
from bounce_assistant.report.words import domain_of

_ORDINARY_SIGN = "words of ordinary mail"
_NAMELESS = 12  # signs that a notice which names nobody needs
_NAMELESS_BARE = 10  # the same, where nothing is to be clicked or opened, as imitations need it
_DISGUISES = (  # beginnings of the signs that a mail looks like a notice to its reader
    "subject of a",
    "words of a notice",
    "says that mail did not arrive",
    "about mail to its reader",
)
_SAID = 6000  # characters in which a mail has said what it wants


def imitates(
    recipients: Sequence[RecipientReport],
    notice: Notice,
    message: Part,
    sorted_parts: Sorted,
    signs: Signs,
    words: NoticeWords,
) -> bool:
    """Tell a mail that imitates a notice: it names only its reader, or lures to a link."""
    has_code = any(each.reply_code or each.status for each in recipients)
    if names_only_the_reader(recipients, notice):
        if RETURNED_SIGN in signs.names:
            return lures(notice, sorted_parts, words)
        is_bare = not has_code and not message.has("x-failed-recipients")
        return is_bare or bool(_strange_hosts(notice, sorted_parts, words))
    if has_lure(sorted_parts.buttons, sorted_parts.said, words):
        return True
    if message.has("x-failed-recipients") or RETURNED_SIGN in signs.names:
        return False
    is_thin = signs.is_thin and not has_code  # little else speaks for it
    is_nameless = not any(each.recipient for each in recipients)
    theirs = tuple(f".{domain_of(each.recipient)}" for each in recipients if each.recipient)
    strange = tuple(
        host
        for host in _strange_hosts(notice, sorted_parts, words)
        if not f".{host}".endswith(theirs) and not words.demands.is_of_footers(host)
    )
    if (is_thin or is_nameless) and strange:
        return True
    is_told = not has_code or _ORDINARY_SIGN in " ".join(signs.names)
    return is_told and is_lure(sorted_parts.said, strange, words)


def is_of_own_house(
    recipients: Sequence[RecipientReport],
    notice: Notice,
    said: str,
    signs: Signs,
    words: NoticeWords,
) -> bool:
    """Tell words about a mailbox of the reader's own domain, and no mail of his, by a few signs."""
    if not signs.is_thin or RETURNED_SIGN in signs.names:
        return False
    own = {domain_of(address) for address in notice.to}
    if not all(domain_of(each.recipient) in own for each in recipients):
        return False
    return not tells_of_yours(flatten(f" {notice.subject}. {said[:2000]}"), words)


def names_only_the_reader(recipients: Sequence[RecipientReport], notice: Notice) -> bool:
    """Tell a notice that says of nobody but its reader that mail did not arrive there."""
    own = {address.lower() for address in notice.to}
    return bool(recipients) and all(each.recipient.lower() in own for each in recipients)


def leads_its_reader_away(
    recipients: Sequence[RecipientReport],
    notice: Notice,
    original: OriginalMessage | None,
    sorted_parts: Sorted,
    words: NoticeWords,
) -> bool:
    """Tell a status part that is made up: it says of its reader alone that mail did not arrive.

    Such a notice is true only of mail that somebody wrote to himself, which then comes back.
    """
    if not names_only_the_reader(recipients, notice):
        return False
    own = {address.lower() for address in notice.to}
    is_own = original is not None and original.sender.lower() in own
    return lures(notice, sorted_parts, words) or (
        not is_own and bool(_strange_hosts(notice, sorted_parts, words))
    )


def _strange_hosts(notice: Notice, sorted_parts: Sorted, words: NoticeWords) -> tuple[str, ...]:
    """Return the hosts it links to that are no mail company's, and not of the reader's house."""
    own = tuple(f".{domain_of(address)}" for address in notice.to if "@" in address)
    hosts = sorted_parts.hosts + link_hosts(sorted_parts.said)
    return tuple(
        host for host in hosts if not words.is_help_host(host) and not f".{host}".endswith(own)
    )


def lures(notice: Notice, sorted_parts: Sorted, words: NoticeWords) -> bool:
    """Tell whether its words urge to press a link to a strange place."""
    return is_lure(sorted_parts.said, _strange_hosts(notice, sorted_parts, words), words)


def may_name_nobody(signs: Signs, notice: Notice, said: str, parts: Sorted) -> bool:
    """Tell whether a notice that names nobody is one beyond doubt."""
    has_more = bool(parts.buttons or parts.returned or parts.attached) or "@" in said
    is_bare = notice.return_path == "" and not has_more and "://" not in said
    needed = _NAMELESS_BARE if is_bare else _NAMELESS
    is_sure = signs.total >= needed and SUBJECT_SIGN in signs.names
    return is_sure and notice.return_path is not None


def wants_in_disguise(
    message: Part, notice: Notice, sorted_parts: Sorted, signs: Signs, words: NoticeWords
) -> str:
    """Return what an ordinary mail that looks like a notice urges to do; '' if nothing.

    Other than what decides whether a mail is a notice, it never names a link alone: ordinary mail
    has links to anywhere, and whoever is wrongly called an impostor is not written to again.
    """
    if not any(name.startswith(_DISGUISES) for name in signs.names) or _is_answer(message, notice):
        return ""
    beginning = f"{notice.subject}\n\n{sorted_parts.said[:_SAID]}"
    if wanted := words.demands.made_by_itself(beginning):
        return wanted
    strange = _strange_hosts(notice, sorted_parts, words)
    if not strange:
        return ""
    on_links = [text for _, text in sorted_parts.buttons]
    if wanted := words.demands.made_in(beginning, on_links, frozenset({"page"})):
        return wanted
    urges = has_lure(sorted_parts.buttons, sorted_parts.said, words)
    urges = urges or is_lure(sorted_parts.said, strange, words)
    return "urges to press a link to a stranger's page" if urges else ""


def _is_answer(message: Part, notice: Notice) -> bool:
    """Tell mail of a conversation or a list, where people discuss notices and quote them."""
    is_threaded = any(message.has(name) for name in ("in-reply-to", "references", "list-id"))
    return is_threaded or notice.subject.lower().startswith("re:")
