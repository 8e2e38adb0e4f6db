"""Whether Follow Up Boss would have seen a bounce: it depends on who wrote the notice.

https://help.followupboss.com/hc/en-us/articles/360014653533: of one-to-one mail it detects the
notices of Google and Microsoft 365 servers; of Action Plans and Batch Emails, all of them. Those
two go out through its own SendGrid account, and at times through the connected mailbox.
"""

import msgspec

from bounce_assistant.diagnosis.context import SentFrom
from bounce_assistant.report.facts import BounceReport, MessageKind

_CRM = "Follow Up Boss"
# Google Groups' notices come from Google's servers too, whatever name the card shows.
_READ_BY_CRM = {
    "Google": "Google",
    "Google Groups": "Google",
    "Microsoft 365": "Microsoft 365",
}
_OTHERS = f"{_CRM} reads only those from Google and Microsoft 365."


class Answer(msgspec.Struct, frozen=True):
    """yes, no or unknown, and why in a sentence."""

    answer: str
    because: str


def seen_by_follow_up_boss(report: BounceReport, sent: SentFrom) -> Answer:
    """Say whether the CRM would have shown this bounce, and why."""
    if report.kind is not MessageKind.BOUNCE:
        return Answer("no", f"{_CRM} marks bounces only, and this isn't one.")
    if sent.service == _CRM and not sent.by_mailbox:
        return Answer("yes", f"It was sent by {_CRM}, which sees what comes back to it.")
    reader = _READ_BY_CRM.get(report.reported_by.service)
    if reader:
        return Answer("yes", f"{reader} wrote this notice, and {_CRM} reads the notices it writes.")
    return _of_others(report, sent)


def _of_others(report: BounceReport, sent: SentFrom) -> Answer:
    """Answer for a notice that neither Google nor Microsoft 365 wrote, or nobody known."""
    service, host = report.reported_by.service, report.reported_by.host
    if sent.service in {_CRM, "SendGrid"}:
        return Answer(
            "unknown",
            f"{_CRM} sees it if this was an Action Plan or a batch email. "
            f"Of the notices to single emails, {_CRM} reads only those from Google and "
            "Microsoft 365, and this isn't one.",
        )
    if service or host:
        writer = service or f"The mail server {host}"
        return Answer("no", f"{writer} wrote this notice; {_OTHERS}")
    return Answer("unknown", "The notice doesn't say who wrote it.")
