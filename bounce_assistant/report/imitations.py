"""Tells a mail that imitates a notice, by whom it names and where it leads."""

import re
from collections.abc import Sequence

from bounce_assistant.report.facts import Notice, OriginalMessage, RecipientReport
from bounce_assistant.report.kinds import RETURNED_SIGN, Signs
from bounce_assistant.report.lures import asking_links, has_lure, is_lure, link_hosts
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.parts import Sorted
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.told import tells_of_yours
from bounce_assistant.report.words import domain_of

_PARAGRAPH = re.compile(r"\n[ \t>]{0,20}\n")
_REPLY = re.compile(r"[45](?<![\d.].)\d\d[ -]")
_SAID = 20_000  # characters
_ORDINARY_SIGN = "words of ordinary mail"


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
            return lures(sorted_parts, words)
        is_bare = not has_code and not message.has("x-failed-recipients")
        return is_bare or _links_away(sorted_parts, words)
    if has_lure(sorted_parts.buttons, sorted_parts.said, words) or _knows_whom_it_caught(
        notice, sorted_parts, words
    ):
        return True
    if message.has("x-failed-recipients") or RETURNED_SIGN in signs.names:
        return False
    is_thin = signs.is_thin and not has_code  # little else speaks for it
    is_nameless = not any(each.recipient for each in recipients)
    # What can be answered and is not marked as automatic is mailed as notices hardly ever are.
    is_like_any = bool(notice.return_path) and not message.has("auto-submitted")
    if ((is_thin or is_nameless) and _links_away(sorted_parts, words)) or (
        is_like_any and _links_far(recipients, notice, sorted_parts, words)
    ):
        return True
    is_told = not has_code or _ORDINARY_SIGN in " ".join(signs.names)
    return is_told and lures(sorted_parts, words)


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
    if _knows_whom_it_caught(notice, sorted_parts, words):
        return True
    if not names_only_the_reader(recipients, notice):
        return False
    own = {address.lower() for address in notice.to}
    is_own = original is not None and original.sender.lower() in own
    return lures(sorted_parts, words) or (not is_own and _links_away(sorted_parts, words))


def _knows_whom_it_caught(notice: Notice, sorted_parts: Sorted, words: NoticeWords) -> bool:
    """Tell a link to a strange place that carries the reader's address along."""
    own = {address.lower() for address in notice.to}
    links = sorted_parts.asking + asking_links(sorted_parts.said)
    return any(
        not words.is_help_host(host) and any(address in query for address in own)
        for host, query in links
    )


def _links_far(
    recipients: Sequence[RecipientReport],
    notice: Notice,
    sorted_parts: Sorted,
    words: NoticeWords,
) -> bool:
    """Tell whether it links to a place that neither its writer nor anybody it names is at."""
    named = {domain_of(each.recipient) for each in recipients}
    named |= {domain_of(address) for address in (notice.sender, notice.return_path or "")}
    near = tuple(f".{domain}" for domain in named if domain)
    hosts = sorted_parts.hosts + link_hosts(sorted_parts.said)
    replies = (each for each in _PARAGRAPH.split(sorted_parts.said[:_SAID]) if _REPLY.search(each))
    by_servers = link_hosts("\n".join(replies))  # block lists have pages, too
    return any(
        not words.is_help_host(host)
        and host not in by_servers
        and not f".{host}".endswith(near)
        and not any(domain.endswith(f".{host}") for domain in near)
        for host in hosts
    )


def _links_away(sorted_parts: Sorted, words: NoticeWords) -> bool:
    """Tell whether it links to a place that is no mail company's."""
    hosts = sorted_parts.hosts + link_hosts(sorted_parts.said)
    return any(not words.is_help_host(host) for host in hosts)


def lures(sorted_parts: Sorted, words: NoticeWords) -> bool:
    """Tell whether its words urge to press a link to a strange place."""
    hosts = sorted_parts.hosts + link_hosts(sorted_parts.said)
    return is_lure(sorted_parts.said, hosts, words)
