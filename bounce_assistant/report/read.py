"""bytes -> report: the door of this package. Any bytes give a report; unknown is an answer."""

from msgspec.structs import replace

from bounce_assistant.report.arf import find_complaint, find_feedback_part, read_feedback
from bounce_assistant.report.carried import find_carried
from bounce_assistant.report.dsn import (
    STATUS_TYPES,
    StatusPart,
    better_status,
    find_status_part,
    read_status_part,
)
from bounce_assistant.report.facts import (
    BounceReport,
    MessageKind,
    Notice,
    OriginalMessage,
    RecipientReport,
)
from bounce_assistant.report.fates import kind_of
from bounce_assistant.report.imitations import (
    imitates,
    is_of_own_house,
    leads_its_reader_away,
    may_name_nobody,
    wants_in_disguise,
)
from bounce_assistant.report.in_json import read_in_json
from bounce_assistant.report.kinds import (
    LIKENED,
    NEEDED,
    Signs,
    by_list,
    by_person,
    by_service,
    is_auto_reply,
    weigh,
)
from bounce_assistant.report.likened import Likens, reads_like_notice
from bounce_assistant.report.lures import has_lure
from bounce_assistant.report.machines import is_read_receipt, writes_by_itself
from bounce_assistant.report.mime import Part, parse_message
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.original import (
    as_written,
    cut_original,
    original_from_part,
    original_from_text,
)
from bounce_assistant.report.outcomes import kind_of_prose
from bounce_assistant.report.parts import Sorted, sort_parts
from bounce_assistant.report.passed_on import read_enclosed, read_passed_on
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.replies import command_in
from bounce_assistant.report.reporter import find_reporter
from bounce_assistant.report.strangers import Circle, wants_of_its_reader
from bounce_assistant.report.words import all_addresses, domain_of, first_address

_TOP = 1500  # characters at the top of a notice, where its writer names itself
_NESTING = 3


def _unlike(_text: str) -> float:
    return 0.0


def read_report(raw: bytes, words: NoticeWords, likens: Likens = _unlike) -> BounceReport:
    """Read a message as a notice. Time grows with size only; odd mail raises nothing.

    ``likens`` tells how much a text is like a reason why mail did not arrive; it is asked about
    what a machine says in words that nobody foresaw.
    """
    return _read(parse_message(raw), words, likens, 0)


def _read(message: Part, words: NoticeWords, likens: Likens, depth: int) -> BounceReport:
    notice = read_notice(message)
    feedback = find_feedback_part(message) or find_complaint(message)
    if feedback is None and message.has("x-apple-unsubscribe"):
        feedback = message  # Apple Mail asks for the reader to be taken off a list
    if feedback is not None:
        return _feedback_report(message, notice, feedback, words)
    status = find_status_part(message)
    if status is not None and _is_meant(status, message, notice, words):
        report = _status_report(message, notice, status, words)
        if report is not None:
            return report
    return _prose_report(message, notice, words, likens, depth)


def read_notice(message: Part) -> Notice:
    """Read the notice's own header."""
    path = message.get("return-path").strip() if message.has("return-path") else None
    return Notice(
        subject=message.words("subject")[:1000],
        sender=first_address(message.words("from")),
        to=all_addresses(message.words("to"))[:50],
        date=message.get("date")[:100],
        message_id=message.get("message-id")[:500],
        return_path=path.strip("<> ") if path is not None else None,
        headers=message.shown_fields(100),
    )


def _feedback_report(message: Part, notice: Notice, part: Part, words: NoticeWords) -> BounceReport:
    sorted_parts = sort_parts(message, (part,))
    text = sorted_parts.said + "\n\n" + part.text()
    return BounceReport(
        kind=MessageKind.FEEDBACK,
        reported_by=find_reporter(message, notice, "", flatten(text[:4000]), words),
        recipients=read_feedback(part, message),
        original=_original(sorted_parts, ""),
        notice=notice,
        text=text,
        signs=("a feedback report part",),
    )


def _status_report(
    message: Part, notice: Notice, part: Part, words: NoticeWords
) -> BounceReport | None:
    machine = part.text()
    status = read_status_part(machine)
    sorted_parts = sort_parts(message, (part,))
    said, copy = cut_original(sorted_parts.said)
    reporting = status.message_fields.get("reporting-mta", "")
    original = _original(sorted_parts, copy)
    if _passes_on_own_mail(message, notice, original):
        return None
    recipients = as_written(_with_prose(status, said, notice, message, words), original)
    is_fake = (
        has_lure(sorted_parts.buttons, sorted_parts.said, words)
        or wants_of_its_reader(Circle.of(notice, recipients), message, said, original, words)
        or leads_its_reader_away(recipients, notice, original, sorted_parts, words)
    )
    if not recipients or is_fake:
        return None
    kind = kind_of(recipients)
    return BounceReport(
        kind=kind,
        reported_by=find_reporter(message, notice, reporting, flatten(said[:_TOP]), words),
        recipients=recipients,
        original=original,
        notice=notice,
        text=f"{said.strip()}\n\n{machine.strip()}",
        signs=("a delivery status part",),
    )


def _passes_on_own_mail(message: Part, notice: Notice, original: OriginalMessage | None) -> bool:
    """Tell a letter by who sent the mail that came back: no server writes a notice in his name."""
    is_same = original is not None and original.sender.lower() == notice.sender.lower() != ""
    return is_same and message.content_type != "multipart/report" and notice.return_path != ""


def _with_prose(
    status: StatusPart, said: str, notice: Notice, message: Part, words: NoticeWords
) -> tuple[RecipientReport, ...]:
    """Fill what the machine part leaves open from the text above it."""
    named = _named(message)
    addressed = [each for each in status.recipients if each.recipient]
    if len(addressed) == len(named) == 1 and "@" not in addressed[0].recipient:
        addressed = [replace(addressed[0], recipient=named[0])]  # a file or a pipe, not an address
    if addressed and all(each.diagnostic for each in addressed):
        return (_with_stage(addressed[0], said),) if len(addressed) == 1 else tuple(addressed)
    from bounce_assistant.report.prose import read_prose  # noqa: PLC0415 - slow to load

    prose = read_prose(said, words, named=named, not_these=_others(notice))
    if not addressed:
        action = next((each.dsn_action for each in status.recipients), None)
        told = tuple(replace(each, dsn_action=action) for each in prose)
        return told or tuple(status.recipients)
    by_address = {each.recipient.lower(): each for each in prose}
    lone = prose[0] if len(prose) == 1 and len(addressed) == 1 else None
    return tuple(_filled(each, by_address.get(each.recipient.lower(), lone)) for each in addressed)


def _with_stage(report: RecipientReport, said: str) -> RecipientReport:
    """Add the command that was refused, where only the text above the machine part tells it."""
    return report if report.smtp_command else replace(report, smtp_command=command_in(said))


def _filled(report: RecipientReport, prose: RecipientReport | None) -> RecipientReport:
    if prose is None or report.diagnostic:
        return report
    is_cut = "@" in report.recipient and prose.recipient.startswith(report.recipient)
    return replace(
        report,
        recipient=prose.recipient if is_cut else report.recipient,
        diagnostic=prose.diagnostic,
        reply_code=report.reply_code or prose.reply_code,
        status=better_status(prose.status, report.status),
        remote_mta=report.remote_mta or prose.remote_mta,
        smtp_command=report.smtp_command or prose.smtp_command,
    )


def _told_apart(recipients: tuple[RecipientReport, ...]) -> MessageKind | None:
    """Tell the kind of a notice in words that says of each person what became of the mail."""
    return kind_of(recipients) if any(each.dsn_action for each in recipients) else None


def _prose_report(
    message: Part, notice: Notice, words: NoticeWords, likens: Likens, depth: int
) -> BounceReport:
    sorted_parts = sort_parts(message)
    if sorted_parts.attached and writes_by_itself(message, notice):
        sorted_parts.take_lists()
    told = read_in_json(message, notice, sorted_parts.said, words)
    if told is not None:
        return told
    said, copy = cut_original(sorted_parts.said)
    original = _original(sorted_parts, copy)
    signs = weigh(message, notice, said, words, returned=original is not None)
    flat = flatten(said[:4000])
    base = BounceReport(
        kind=MessageKind.NOT_A_BOUNCE,
        reported_by=find_reporter(message, notice, "", flat[:_TOP], words),
        original=original,
        notice=notice,
        text=said.strip(),
        signs=tuple(signs.names),
    )
    if sorted_parts.calendar or is_read_receipt(message, flat):
        return base
    recipients = _prose_recipients(
        message, notice, sorted_parts, said, original, _named(message), signs, words
    )
    report = _told_of(recipients, base, said, words) if recipients else None

    def read(raw: bytes) -> BounceReport:
        return _read(parse_message(raw), words, likens, depth + 1)

    if report is None or signs.is_thin:
        report = _carried_report(message, base, sorted_parts, said, copy, words) or report
    if report is None and reads_like_notice(message, notice, said, signs, words, likens):
        signs.add(NEEDED - signs.total, LIKENED)
        recipients = _prose_recipients(
            message, notice, sorted_parts, said, original, (), signs, words
        )
        base = replace(base, signs=tuple(signs.names)) if recipients else base
        report = _told_of(recipients, base, said, words) if recipients else None
    if report is not None:
        return (depth < _NESTING and read_enclosed(report, sorted_parts, read)) or report
    wanted = signs.imitation or wants_in_disguise(message, notice, sorted_parts, signs, words)
    base = replace(base, imitation=wanted)
    if is_auto_reply(message, notice, said, words):
        away = RecipientReport(recipient=notice.sender, diagnostic=flat[:500])
        return replace(
            base, kind=MessageKind.AUTO_REPLY, recipients=(away,) if notice.sender else ()
        )
    inner = depth < _NESTING and read_passed_on(
        notice,
        sorted_parts,
        said,
        copy,
        words,
        by_machine=signs.by_machine or by_service(message, notice),
        read=read,
    )
    return inner or base


def _told_of(
    recipients: tuple[RecipientReport, ...], base: BounceReport, said: str, words: NoticeWords
) -> BounceReport:
    """Return the report of a notice in words that names these people."""
    return replace(
        base,
        kind=_told_apart(recipients) or kind_of_prose(base.notice, said, words),
        recipients=as_written(recipients, base.original),
    )


def _carried_report(
    message: Part,
    base: BounceReport,
    sorted_parts: Sorted,
    said: str,
    copy: str,
    words: NoticeWords,
) -> BounceReport | None:
    """Read what a machine says above our mail as a notice, unless much speaks against it."""
    notice, is_part = base.notice, base.original is not None
    carried = find_carried(message, notice, said, copy, base.original, words)
    if carried is None:
        return None
    said, original = carried.said, carried.original
    signs = weigh(message, notice, said, words, returned=is_part, carried=True)
    recipients = _prose_recipients(
        message, notice, sorted_parts, said, original, carried.named, signs, words
    )
    if not recipients:
        return None
    base = replace(base, original=original, text=said.strip(), signs=tuple(signs.names))
    return _told_of(recipients, base, said, words)


def _prose_recipients(  # noqa: PLR0913, PLR0917 - all that a notice in words tells by
    message: Part,
    notice: Notice,
    sorted_parts: Sorted,
    said: str,
    original: OriginalMessage | None,
    named: tuple[str, ...],
    signs: Signs,
    words: NoticeWords,
) -> tuple[RecipientReport, ...]:
    """Return whom a notice in words names; nobody, if the signs do not suffice for a notice."""
    if signs.total < NEEDED:
        return ()
    from bounce_assistant.report.prose import read_prose  # noqa: PLC0415 - slow to load

    others = _others(notice)
    recipients = (_from_subject(notice, words) if by_list(notice) else []) or (
        read_prose(
            said,
            words,
            named=named,
            not_these=others,
            home=domain_of(notice.sender),
        )
        or _from_subject(notice, words)
        or _from_original(original, notice)
    )
    is_servers = signs.by_robot or signs.is_thin
    if not recipients and is_servers and notice.return_path == "":
        recipients = read_prose(said, words, not_these=others, is_sure=True)
    if not recipients and may_name_nobody(signs, notice, said, sorted_parts):
        recipients = [RecipientReport(recipient="")]  # a notice all the same; it names nobody
    circle = Circle.of(notice, recipients, is_server=signs.by_robot)
    signs.imitation = wants_of_its_reader(circle, message, said, original, words)
    is_fake = bool(signs.imitation) or imitates(
        recipients, notice, message, sorted_parts, signs, words
    )
    is_house = is_of_own_house(recipients, notice, said, signs, words)
    return () if is_fake or is_house else tuple(recipients)


def _is_meant(part: Part, message: Part, notice: Notice, words: NoticeWords) -> bool:
    """Tell whether a status part is the message's own; anyone may quote or attach one."""
    is_own = message.content_type == "multipart/report"
    is_own = is_own or any(each.content_type == "multipart/report" for each in message.parts)
    is_list = message.get("precedence").strip().lower() == "list"
    if (
        part.content_type in STATUS_TYPES
        and not is_list
        and (is_own or not by_person(message, notice))
    ):
        return True
    said = sort_parts(message).said
    return weigh(message, notice, said, words, returned=False).total >= NEEDED


def _named(message: Part) -> tuple[str, ...]:
    return (
        all_addresses(message.get("x-failed-recipients"))
        if message.has("x-failed-recipients")
        else ()
    )


def _others(notice: Notice) -> frozenset[str]:
    """Return the addresses that a notice names without meaning that they failed."""
    return frozenset(address.lower() for address in (notice.sender, *notice.to) if address)


def _from_subject(notice: Notice, words: NoticeWords) -> list[RecipientReport]:
    """Take whom the subject names, with what it says of him, where the text names nobody."""
    from bounce_assistant.report.prose import read_prose  # noqa: PLC0415 - slow to load

    if "@" not in notice.subject:
        return []
    return read_prose(notice.subject, words, not_these=_others(notice))


def _from_original(original: OriginalMessage | None, notice: Notice) -> list[RecipientReport]:
    """Take the one addressee of our returned mail where the notice names nobody."""
    if original is None or len(original.to) != 1 or original.to[0].lower() in _others(notice):
        return []
    return [RecipientReport(recipient=original.to[0])]


def _original(sorted_parts: Sorted, copy: str) -> OriginalMessage | None:
    for part in sorted_parts.returned:
        original = original_from_part(part)
        if original.headers:
            return original
    return original_from_text(copy) if copy.strip() else None
