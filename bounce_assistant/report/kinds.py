"""Tells notices from ordinary mail and auto-replies, by weighing signs."""

import re

import msgspec

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.machines import is_named_as_machine
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.statements import (
    BEGINNING,
    SUBJECT_BEGINNING,
    is_by_program,
    is_through_service,
    says_it_came_back,
    says_of_whom,
)
from bounce_assistant.report.told import (
    speaks_of_somebody,
    tells_of_missed,
    tells_of_own,
    tells_of_yours,
)
from bounce_assistant.report.trackers import by_tracker, is_ticket
from bounce_assistant.report.words import all_addresses

NEEDED = 6
FORWARDED = ("fw:", "fwd:", "wg:", "tr:", "tr :", "rv:", "i:", "enc:", "re: fwd", "doorst:")
REPLY_SIGN = "a server's reply +2"
LIKENED = "a machine says of somebody what reads like a reason"
TOLD = "a program says of somebody that mail went wrong"
STATEMENT_SIGN = "says that mail did not arrive +2"
RETURNED_SIGN = "our mail came back with it +2"
SUBJECT_SIGN = "subject of a notice +3"
_BY_MACHINE = ("from ", "empty return path", "names failed addresses", "calls itself", "a program")
_OPENING = 120  # characters in which a notice comes to its point; people greet first
_SAID_AT_ONCE = 300  # characters in which a notice with a number says whom it is about
_ROBOTS_OF_LISTS: tuple[str, ...] = ("-admin", "-owner", "-bounces", "-request")
_ROBOTS_OF_LISTS += ("+owner", "+bounces", "+help", "+request", "+moderators", "-help")
_LIST_PROGRAMS = frozenset({"listserv", "majordomo", "sympa", "mlmmj"})
_ANSWERS = 4  # how many of the ordinary subjects begin an answer
ROBOT_SIGN = "from a mailing list's robot +2"
_REPLY_LINES = (  # each begins with what is rare in a text, which makes looking for it quick
    re.compile(r"[45](?<=[\s:'\"(].)\d\d[ -]#?[245]\.\d{1,2}\.\d{1,3}\b"),
    re.compile(r"\n[ \t]{0,20}(?:<<< |\()?[45]\d\d[ -]"),
    re.compile(
        r":(?:(?<=said:)|(?<=returned:)|(?<=response:)|(?<=said\s:)|(?<=returned\s:)|"
        r"(?<=response\s:))\s{0,3}['\"]?[45]\d\d\b"
    ),
)
_TO_A_ROBOT = re.compile(r"-bounces(?:\+[^@]{1,100})?@", re.IGNORECASE)  # nobody else writes there
# An answer there joins or leaves a list, or lets a mail through: mlmmj, ezmlm, Mailman.
_CONFIRMS = re.compile(
    r"[-+](?:conf(?:un)?sub|confirm|[su]c\.\d+|moderate|accept|allow)[-+.@]", re.IGNORECASE
)
_PERSONAL = re.compile(
    r"iphone|ipad|apple mail|thunderbird|outlook|android|windows live|em client|evolution|mutt|"
    r"roundcube|airmail|spark|gmail|yahoomail",
    re.IGNORECASE,
)
_BY_ROBOT = frozenset({"junk", "bulk"})
_AUTO_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply",
    "x-autoresponder",
    "x-mail-autoreply",
)


class Signs(msgspec.Struct):
    """Signs for and against a notice, with their weights, in words."""

    total: int = 0
    names: list[str] = []
    imitation: str = ""  # what it wants of its reader, as no notice does

    @property
    def by_machine(self) -> bool:
        """Whether something in the header says that a mail server wrote it, not a person."""
        return any(name.startswith(_BY_MACHINE) for name in self.names)

    @property
    def by_robot(self) -> bool:
        """Whether its From is a mail server's or a list's own."""
        return any(name.startswith("from ") for name in self.names)

    @property
    def is_thin(self) -> bool:
        """Whether it stands on words that nobody foresaw."""
        return STATEMENT_SIGN in self.names or any(
            name.startswith((TOLD, LIKENED)) for name in self.names
        )

    @property
    def has_against(self) -> bool:
        """Whether anything speaks against a notice."""
        return any(" -" in name for name in self.names)

    def add(self, weight: int, name: str) -> None:
        self.total += weight
        self.names.append(f"{name} {weight:+d}")


def weigh(
    message: Part,
    notice: Notice,
    said: str,
    words: NoticeWords,
    *,
    returned: bool,
    carried: bool = False,
) -> Signs:
    """Weigh the signs that a message without a delivery status part reports a failed delivery.

    ``returned``: some mail came back with it; ``carried``: it is the reader's, a machine brings it
    back, and says what became of it.
    """
    signs = Signs()
    said = _unquoted(said[:20_000])
    subject = notice.subject.lower()
    _weigh_header(message, notice, subject, words, signs)
    others = frozenset(each.lower() for each in (notice.sender, *notice.to))
    is_told = is_by_program(message, notice) and not is_ticket(notice)
    is_told = is_told and not is_through_service(message, notice, words)
    if is_told and says_of_whom(subject, said, notice, words):
        signs.add(6, "a program says whom mail did not reach")
    if carried:
        signs.add(6, "a program brings our mail back")
    if not signs.total and not speaks_of_somebody(message, notice, said, words, has_reply=True):
        return signs  # words alone make no notice: people quote and discuss them
    flat = flatten(said)
    _weigh_words(said, flat, words, signs)
    if returned:
        signs.add(2, "our mail came back with it")
    if signs.total < NEEDED and _by_anything_but_a_person(message, notice, signs):
        _weigh_statement(said, notice, words, signs)
    if signs.total < NEEDED and speaks_of_somebody(
        message, notice, said, words, has_reply=REPLY_SIGN in signs.names
    ):
        signs.add(NEEDED - signs.total, TOLD)
    weigh_against(message, notice, flat, words, signs)
    _weigh_other_matters(message, notice, flat, words, signs, has_copy=returned or carried)
    _weigh_person(message, notice, subject, words, signs)
    may_be_incoming = not returned or ROBOT_SIGN in signs.names
    if signs.total >= NEEDED - 1 and may_be_incoming and _is_of_incoming(subject, said, words):
        signs.add(-12, "about mail to its reader")
    is_servers = signs.by_robot and notice.return_path == "" and not signs.has_against
    is_titled = signs.by_machine and SUBJECT_SIGN in signs.names
    if signs.total == NEEDED - 1 and (is_servers or is_titled):
        # A machine says in its subject that mail came back, or a mail server writes what nobody
        # may answer: then any words will do around a name.
        named = all_addresses(said[:BEGINNING])
        signs.add(int(any(each.lower() not in others for each in named)), "names somebody")
    if (
        signs.total >= NEEDED
        and not _is_by_machine(message, subject, flat, words, signs)
        and not speaks_of_somebody(
            message, notice, said, words, has_reply=REPLY_SIGN in signs.names
        )
    ):
        signs.add(NEEDED - 1 - signs.total, "nothing but its words says a machine wrote it")
    return signs


def _weigh_other_matters(
    message: Part, notice: Notice, flat: str, words: NoticeWords, signs: Signs, *, has_copy: bool
) -> None:
    """Weigh what speaks for a machine's report on something else than one mail of its reader's."""
    if has_copy or message.has("x-failed-recipients"):
        return
    subject = notice.subject.lower()
    is_own = tells_of_own(f" {subject}. {flat[:BEGINNING]}", words)
    if other := words.other_matters.told_by(message, notice, flat, is_own=is_own):
        signs.add(-12, other)


def _weigh_words(said: str, flat: str, words: NoticeWords, signs: Signs) -> None:
    hits = words.bounce.in_text.count_in(flat, 2)
    hits = hits or words.delay.in_text.any_in(flat) or words.delivered.in_text.any_in(flat)
    if hits:
        signs.add(1 + 2 * hits, "words of a notice")
    lines = f"\n{said}"
    if any(pattern.search(lines) for pattern in _REPLY_LINES):
        signs.add(2, "a server's reply")


def _is_by_machine(
    message: Part, subject: str, flat: str, words: NoticeWords, signs: Signs
) -> bool:
    """Tell whether more than the words of a message says that a machine wrote it."""
    if signs.by_machine or _TO_A_ROBOT.search(message.get("to")):
        return True
    return (
        words.bounce.in_text.any_in(flat[:_OPENING])
        and words.bounce.in_subject.any_in(subject[:SUBJECT_BEGINNING])
        and message.get("auto-submitted").lower().startswith("auto-")
    )


def _by_anything_but_a_person(message: Part, notice: Notice, signs: Signs) -> bool:
    submitted = message.get("auto-submitted").lower()
    is_robot = signs.by_robot or is_by_program(message, notice)
    if submitted.startswith("auto-replied") and not is_robot:
        return False  # somebody is away, and tells whom to write to
    return signs.by_machine or notice.return_path == "" or submitted.startswith("auto-")


def _weigh_statement(said: str, notice: Notice, words: NoticeWords, signs: Signs) -> None:
    is_said, names = says_it_came_back(said, notice, words)
    if is_said:
        signs.add(2, "says that mail did not arrive")
    if names:
        signs.add(2, "names somebody beside it")


def _is_of_incoming(subject: str, said: str, words: NoticeWords) -> bool:
    """Tell a notice of mail to its reader by its own words; a reply that it quotes may say so."""
    replies = (pattern.search(f"\n{said}") for pattern in _REPLY_LINES)
    first = min((reply.start() for reply in replies if reply), default=len(said))
    return words.coming_in.any_in(f"{subject} {flatten(said[:first])}")


def _weigh_header(
    message: Part, notice: Notice, subject: str, words: NoticeWords, signs: Signs
) -> None:
    if message.has("x-failed-recipients"):
        signs.add(6, "names failed addresses in its header")
    path = notice.return_path
    if path is not None and (not path or path.lower().startswith("mailer-daemon")):
        signs.add(2, "empty return path")
    _weigh_sender(message, notice, words, signs)
    if words.bounce.in_subject.any_in(subject):
        signs.add(3, "subject of a notice")
    elif words.delay.in_subject.any_in(subject):
        signs.add(2, "subject of a delay")
    elif words.delivered.in_subject.any_in(subject):
        signs.add(2, "subject of a receipt")


def _unquoted(said: str) -> str:
    """Drop the lines that a person quotes; a notice quotes nobody."""
    if "\n>" not in said and not said.startswith(">"):
        return said
    return "\n".join(line for line in said.split("\n") if not line.startswith(">"))


def _weigh_sender(message: Part, notice: Notice, words: NoticeWords, signs: Signs) -> None:
    local = notice.sender.partition("@")[0].lower()
    shown = message.words("from").lower()
    if local.startswith(words.sender.local_parts[0]):
        signs.add(4, "from mailer-daemon")
    elif (
        f"{local}-".startswith(words.of_mail_servers)
        or local.startswith(("mailer", "microsoftexchange"))
        or "mailer-daemon" in shown
        or not local
    ):
        signs.add(3, "from a mail server")
    elif by_list(notice):
        signs.add(2, "from a mailing list's robot")
    elif any(name in shown for name in words.sender.names):
        signs.add(2, "calls itself a mail server")


def weigh_against(
    message: Part, notice: Notice, flat: str, words: NoticeWords, signs: Signs
) -> None:
    """Weigh what lists, trackers and ordinary mail look like; ``flat``: words in lower case."""
    subject = notice.subject.lower()
    is_list = message.has("list-unsubscribe") or message.has("list-id")
    is_from_list = message.get("precedence").strip().lower() == "list"
    if is_from_list and (not _by_server(signs) or "digest" in subject):
        signs.add(-8, "one of a list's mails")
    elif is_list and not _TO_A_ROBOT.search(message.get("to")) and ROBOT_SIGN not in signs.names:
        signs.add(-3 if signs.by_robot else -8, "sent to a list")
    if _CONFIRMS.search(f"{message.get('from')} {message.get('reply-to')}"):
        signs.add(-8, "waits for a confirmation")
    if by_tracker(message, notice) and not _is_numbered_notice(message, notice, flat, words):
        signs.add(-8, "sent by a tracker")
    against = words.ordinary.in_text.count_in(flat, 3)
    if against:
        signs.add(-2 * against, "words of ordinary mail")
    is_notice = words.bounce.in_subject.any_in(subject)
    if not is_notice and any(one in subject for one in words.ordinary.subjects[_ANSWERS:]):
        signs.add(-2, "subject of ordinary mail")


def _is_numbered_notice(message: Part, notice: Notice, flat: str, words: NoticeWords) -> bool:
    """Tell a notice whose server gives each a number, and whose subject says whom mail missed."""
    said = flat[:_SAID_AT_ONCE]
    known = {each.lower() for each in (notice.sender, *notice.to)}
    return (
        notice.return_path == ""
        and is_ticket(notice)
        and not message.has("in-reply-to")
        and tells_of_yours(said, words)
        and tells_of_missed(said, words)
        and any(each.lower() not in known for each in all_addresses(notice.subject))
    )


def _by_server(signs: Signs) -> bool:
    return any(
        name.startswith(("from mailer-daemon", "from a mail server")) for name in signs.names
    )


def _weigh_person(
    message: Part, notice: Notice, subject: str, words: NoticeWords, signs: Signs
) -> None:
    """Weigh what speaks for a person at a mail program; of what robots send, nothing does."""
    if message.has("in-reply-to") and message.has("user-agent"):
        signs.add(-2, "written in a mail program")
    if signs.by_robot:
        return
    if _by_mail_program(message):
        signs.add(-4, "sent by a person's mail program")
    if subject.startswith(FORWARDED):
        signs.add(-4, "passed on by a person")
    if subject.startswith(tuple(words.auto_reply.subjects)):
        signs.add(-6, "an automatic reply")
    if subject.startswith(tuple(words.ordinary.subjects[:_ANSWERS])):
        is_told = message.has("in-reply-to") or message.has("references")
        is_notice = is_named_as_machine(message, notice, words) and (
            notice.return_path == "" or words.bounce.in_subject.any_in(subject)
        )
        signs.add(-4 if is_told else 0 if is_notice else -2, "an answer")


def _by_mail_program(message: Part) -> bool:
    return message.has("user-agent") or _PERSONAL.search(message.get("x-mailer")) is not None


def by_list(notice: Notice) -> bool:
    """Tell what a mailing list's robot sends, by the names that list programs write under."""
    local = notice.sender.partition("@")[0].lower()
    return local in _LIST_PROGRAMS or local.endswith(_ROBOTS_OF_LISTS) or local.startswith("owner-")


def by_service(message: Part, notice: Notice) -> bool:
    """Tell what a service, a help desk or a tracker sends by itself."""
    return is_ticket(notice) or message.has("auto-submitted") or is_by_program(message, notice)


def by_person(message: Part, notice: Notice) -> bool:
    """Tell whether a person wrote a message that has a status part attached or passed on."""
    local = notice.sender.partition("@")[0].lower()
    if not local or notice.return_path == "" or message.has("auto-submitted"):
        return False
    if local.startswith(("mailer", "postmaster", "microsoftexchange", "mail-")):
        return False
    return _by_mail_program(message) or notice.subject.lower().startswith((*FORWARDED, "re:"))


def is_auto_reply(message: Part, notice: Notice, said: str, words: NoticeWords) -> bool:
    """Tell whether a person's mailbox answered by itself (RFC 3834)."""
    submitted = message.get("auto-submitted").lower()
    subject = notice.subject.lower()
    by_header = submitted.startswith(("auto-replied", "auto-notified")) or any(
        message.has(name) for name in _AUTO_HEADERS
    )
    precedence = message.get("precedence").strip().lower()
    by_header = by_header or precedence == "auto_reply"
    by_header = by_header or (
        message.get("x-auto-response-suppress").lower() == "all"
        and (submitted.startswith("auto-generated") and message.has("in-reply-to"))
    )
    by_subject = words.auto_reply.in_subject.any_in(subject)
    is_daemon = notice.sender.lower().startswith("mailer-daemon")
    if is_daemon or message.has("list-unsubscribe") or message.has("list-id"):
        return False
    is_imitation = words.bounce.in_subject.any_in(subject) and not by_subject
    if by_header and not (
        is_imitation and not words.auto_reply.in_text.any_in(flatten(said[:5000]))
    ):
        return True
    by_machine = bool(submitted) or notice.return_path == "" or precedence in _BY_ROBOT
    opening = tuple(each for each in words.auto_reply.subjects if "auto" in each)
    begins = subject.lstrip("[(* ").startswith(opening)
    if not by_machine or begins:
        return by_machine
    kinds = [words.auto_reply] if by_subject else []
    kinds += [words.challenge] if words.challenge.in_subject.any_in(subject) else []
    return any(kind.in_text.any_in(flatten(said[:5000])) for kind in kinds)
