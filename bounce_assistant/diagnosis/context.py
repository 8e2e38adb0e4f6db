"""What a message was sent from and by whom: read off the original's header. Pure."""

import re

import msgspec

from bounce_assistant.report.facts import BounceReport, OriginalMessage
from bounce_assistant.report.words import domain_of

GMAIL = frozenset({"gmail.com", "googlemail.com"})
# Marks that a consumer provider's own servers leave in every mail sent from an account of it.
_PROVIDER_MARKS = {
    "gmail.com": (
        "mail.gmail.com",
        "google.com",
        "d=gmail.com",
        "1e100.net",
        "googlemail.com",
        "gmailapi",
    ),
    "yahoo.com": ("yahoo.com", "yahoodns"),
    "outlook.com": ("outlook.com", "hotmail.com", "protection.outlook"),
    "icloud.com": ("icloud.com", "me.com", "apple.com"),
    "aol.com": ("aol.com", "yahoo.com"),
}
# The same of the mail companies that serve domains of one's own.
_MAILBOX_MARKS = ("google.com", "gmailapi", "1e100.net", "outlook.com", "protection.outlook")
_FAMILY = {
    "googlemail.com": "gmail.com",
    "hotmail.com": "outlook.com",
    "live.com": "outlook.com",
    "msn.com": "outlook.com",
    "ymail.com": "yahoo.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}
# The first that a mail carries tells which service sent it.
_SERVICE_SIGNS = {
    "followupboss": "Follow Up Boss",
    "fub-mail": "Follow Up Boss",
    "x-fub-": "Follow Up Boss",
    "sendgrid": "SendGrid",
    "x-sg-eid": "SendGrid",
    "amazonses": "Amazon SES",
    "mailgun": "Mailgun",
    "mcsv.net": "Mailchimp",
    "mailchimp": "Mailchimp",
    "mandrillapp": "Mailchimp",
}
_MARKED_FIELDS = frozenset(
    {
        "received",
        "message-id",
        "dkim-signature",
        "x-received",
        "return-path",
        "x-mailer",
        "arc-seal",
    }
)
_MARKED_NAMES = ("x-sg", "x-fub", "x-ses", "x-google")
_SIGNED_IN = re.compile(  # of lower-case text
    r"w(?<!\ww)ith (?:utf8)?e?smtps?a\b|\(authenticated|a(?<!\wa)uth(?:enticated)?[ =]"
)


_BY_HOST = re.compile(r"b(?<!\wb)y ([\w.-]{1,253})")
_SIGNED_BY = re.compile(r"d(?<!\wd)=\s?([\w.-]{1,253})")


_Fields = list[tuple[str, str]]  # lower-case names


class SentFrom(msgspec.Struct, frozen=True):
    """What the original tells about its sending."""

    address: str = ""  # its From
    domain: str = ""
    service: str = ""  # the sending service or CRM whose marks it carries
    is_gmail: bool = False
    by_you: str = "unknown"  # yes, no or unknown
    by_mailbox: bool = False  # a Google or Microsoft mailbox sent it, for whichever service


def read_sent_from(report: BounceReport, own: frozenset[str]) -> SentFrom:
    """Tell what the returned mail was sent from, and whether the reader sent it at all.

    ``own`` are the reader's lower-case addresses; empty where no account is known.
    """
    original = report.original
    if original is None:
        return SentFrom()
    domain = domain_of(original.sender)
    fields = [(name.lower(), value) for name, value in original.headers]
    marks = _marks_of(fields)
    service = next((name for sign, name in _SERVICE_SIGNS.items() if sign in marks), "")
    return SentFrom(
        address=original.sender,
        domain=domain,
        service=service,
        is_gmail=domain in GMAIL,
        by_you=_by_you(original, fields, marks, service, own, report),
        by_mailbox=_by_mailbox(original, marks),
    )


def _marks_of(fields: _Fields) -> str:
    """Return the fields that show which servers a mail passed, as one lower-case text."""
    marks = "".join(
        [
            f"{name}:{value}"
            for name, value in fields
            if name in _MARKED_FIELDS or name.startswith(_MARKED_NAMES)
        ]
    )
    return marks.replace(" ", "").replace("\t", "").lower()


def _by_mailbox(original: OriginalMessage, marks: str) -> bool:
    """Tell whether the mailbox of a mail company sent it: that makes the Message-ID."""
    if "gmailapi" in marks:
        return True
    return original.message_id.lower().rstrip("> ").endswith(("@mail.gmail.com", ".outlook.com"))


def _by_you(
    original: OriginalMessage,
    fields: _Fields,
    marks: str,
    service: str,
    own: frozenset[str],
    report: BounceReport,
) -> str:
    sender = original.sender.lower()
    readers = own or frozenset(address.lower() for address in report.notice.to)
    if sender not in readers:
        return "unknown"
    hops = [value for name, value in fields if name == "received"]
    if service or _was_handed_in(hops):
        return "yes"
    if _is_foreign(fields, hops):
        return "no"
    return _by_provider(sender, fields, marks, is_known=bool(own), has_travelled=bool(hops))


def _by_provider(
    sender: str, fields: _Fields, marks: str, *, is_known: bool, has_travelled: bool
) -> str:
    """Tell by the marks that providers leave; those of other domains are their own name at most.

    Of a mail that travelled without any, nobody can say whose it is: anybody may write a From.
    """
    domain = domain_of(sender)
    provider_marks = _PROVIDER_MARKS.get(_FAMILY.get(domain, domain))
    if provider_marks is None:
        is_own = is_known and (
            not has_travelled
            or any(mark in marks for mark in _MAILBOX_MARKS)
            or _carried_by(domain, fields)
        )
        return "yes" if is_own else "unknown"
    if any(mark in marks for mark in provider_marks):
        return "yes"
    return "no" if has_travelled else "unknown"


def _carried_by(domain: str, fields: _Fields) -> bool:
    """Tell whether a server of a domain took the mail on its way, or signed it."""
    for name, value in fields:
        found = _BY_HOST if name == "received" else _SIGNED_BY if name == "dkim-signature" else None
        match = found.search(value.lower()) if found else None
        if match and f".{match[1]}".endswith(f".{domain}"):
            return True
    return False


def _was_handed_in(hops: list[str]) -> bool:
    """Tell whether the first server took it from someone who signed in (RFC 3848: ESMTPA)."""
    return bool(hops) and _SIGNED_IN.search(hops[-1].lower()) is not None


def _is_foreign(fields: _Fields, hops: list[str]) -> bool:
    """Tell whether a nameless machine handed it in, which the sender's domain disowned."""
    if not hops or "(unknown [" not in hops[-1]:
        return False
    results = " ".join(
        value.lower()
        for name, value in fields
        if name in {"authentication-results", "received-spf"}
    )
    return "spf=fail" in results and "dmarc=fail" in results
