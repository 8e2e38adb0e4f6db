"""Tells what bug trackers and help desks send: people speak of bounces in them, and quote some."""

import re

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.mime import Part

# Header fields begin so in what bug trackers and help desks send.
_TRACKERS: tuple[str, ...] = ("x-bugzilla-", "x-github-", "x-gitlab-", "x-jira-", "x-zendesk-")
_TRACKERS += ("x-redmine-", "x-rt-", "x-otrs-", "x-mantis", "x-trac-", "x-launchpad-")
_TRACKERS += ("x-gerrit-", "x-phabricator-", "x-freshdesk-", "x-helpscout-", "x-osticket-")
_TRACKERS += ("x-debian-pr-", "x-debbugs-", "x-cron-")
_TICKET = re.compile(
    r"\b(?:commented|mentioned you|replied (?:to|in)|(?<!not )posted (?:in|to)|"
    r"added a (?:comment|note)|assigned (?:you|to)|new comment|new reply)\b|"
    r"\((?:issue|bug|ticket|pr|pull request) ?#\d{1,9}\)|"
    r"^(?:re: ?)?(?:ticket|case|incident) ?[#:]? ?\d|"
    r"^(?:re: ?)?\[[^\]]{0,40}(?:#|\b(?:bug|ticket|case|issue|task|request|incident)[ -])\d"
)


def is_ticket(notice: Notice) -> bool:
    """Tell by its subject what help desks and trackers send."""
    return _TICKET.search(notice.subject.lower()) is not None


def by_tracker(message: Part, notice: Notice) -> bool:
    """Tell what help desks and trackers send, by its subject or by their header fields."""
    return is_ticket(notice) or any(name.startswith(_TRACKERS) for name in message.names())
