"""Whether Follow Up Boss would have seen a bounce: it depends on who wrote the notice.

https://help.followupboss.com/hc/en-us/articles/360014653533: of one-to-one mail it detects the
notices of Google and Microsoft 365 servers; of Action Plans and Batch Emails, all of them.
"""

from dataclasses import dataclass

from bounce_assistant.diagnosis.context import SentFrom
from bounce_assistant.report.facts import BounceReport, MessageKind

_READ_BY_CRM = frozenset({"Google", "Microsoft 365"})


@dataclass(frozen=True, slots=True)
class Answer:
    """yes, no or unknown, and why in a sentence."""

    answer: str
    because: str


def seen_by_follow_up_boss(report: BounceReport, sent: SentFrom) -> Answer:
    """Say whether the CRM would have shown this bounce, and why."""
    service = report.reported_by.service
    others = "Follow Up Boss reads only those from Google and Microsoft 365."
    if report.kind is not MessageKind.BOUNCE:
        return Answer("no", "Follow Up Boss marks bounces only, and this isn't one.")
    if sent.service == "Follow Up Boss":
        return Answer("yes", "It was sent by Follow Up Boss, which sees what comes back to it.")
    if service in _READ_BY_CRM:
        return Answer(
            "yes", f"{service} wrote this notice, and Follow Up Boss reads the notices it writes."
        )
    if service or report.reported_by.host:
        writer = service or f"The mail server {report.reported_by.host}"
        return Answer("no", f"{writer} wrote this notice; {others}")
    return Answer("unknown", "The notice doesn't say who wrote it.")
