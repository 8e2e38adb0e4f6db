"""Bounces as the reading pane gets them, made up, and a keeper of cases that remembers acts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from msgspec import structs

from bounce_assistant import resources
from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook, build_handbook
from bounce_assistant.diagnosis.blocklists import parse_blocklists
from bounce_assistant.diagnosis.verdict import (
    BounceType,
    CauseId,
    Certainty,
    Diagnosis,
    Evidence,
    ReasonId,
)
from bounce_assistant.errors import AppError
from bounce_assistant.report.facts import (
    BounceReport,
    DsnAction,
    MessageKind,
    Notice,
    OriginalMessage,
    RecipientReport,
    ReportedBy,
    StatusCode,
)
from bounce_assistant.services.cases import Cases, OpenCase
from bounce_assistant.services.examine import Answer
from bounce_assistant.store.rows import BatchId, CaseId, CaseRow, CaseState, RowKey

WHEN = datetime(2026, 3, 3, 17, 42, tzinfo=UTC)
WORDS = "550 5.1.1 The email account that you tried to reach does not exist"
TEXT = f"""Address not found

Your message wasn't delivered to dana.reyes@example.com because the address
couldn't be found, or is unable to receive mail.

The response from the remote server was:

{WORDS}. Please try
double-checking the recipient's email address for typos or unnecessary spaces.

Final-Recipient: rfc822; dana.reyes@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com (192.0.2.26)
Diagnostic-Code: smtp; {WORDS}
"""
LATER_STOP = (
    "from out.example.net (out.example.net [192.0.2.8]) by mx.google.com with ESMTPS id x9"
    " for <dana.reyes@example.com>; Tue, 3 Mar 2026 09:41:26 -0800 (PST)"
)
FIRST_STOP = (
    "from [10.0.0.4] (unknown) by smtp.gmail.com with ESMTPSA id a1; Tue, 3 Mar 2026 09:38:02 -0800"
)
ORIGINAL = OriginalMessage(
    message_id="<open-house@mail.example.net>",
    subject="Open house on Saturday",
    sender="sam.hill@gmail.com",
    to=("dana.reyes@example.com",),
    date="Tue, 3 Mar 2026 09:38:00 -0800",
    headers=(
        ("Received", LATER_STOP),
        ("Received", FIRST_STOP),
        ("From", "Sam Hill <sam.hill@gmail.com>"),
        ("To", "Dana Reyes <dana.reyes@example.com>"),
        ("Subject", "Open house on Saturday"),
    ),
    body="Hi Dana,\n\nthe house on Maple Street is open on Saturday from 1 to 4 PM.\n\nSam\n",
    size=1834,
)


def handbook() -> Handbook:
    """Load the words that the product ships."""
    return build_handbook(
        resources.read_texts("playbooks"),
        resources.read_texts("templates", ".txt"),
        parse_blocklists(resources.read_text("blocklists.toml")),
        resources.read_text("companies.toml"),
    )


def report_of(text: str = TEXT, original: OriginalMessage | None = ORIGINAL) -> BounceReport:
    recipient = RecipientReport(
        recipient="dana.reyes@example.com",
        dsn_action=DsnAction.FAILED,
        status=StatusCode(5, 1, 1),
        reply_code="550",
        diagnostic=WORDS,
        remote_mta="mx.example.com",
        smtp_command="RCPT",
    )
    notice = Notice(
        subject="Delivery Status Notification (Failure)",
        sender="mailer-daemon@googlemail.com",
        to=("sam.hill@gmail.com",),
        date="Tue, 3 Mar 2026 09:42:00 -0800",
        headers=(
            ("From", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"),
            ("To", "sam.hill@gmail.com"),
            ("X-Failed-Recipients", "dana.reyes@example.com"),
        ),
    )
    by = ReportedBy("Google", "mx.google.com")
    return BounceReport(MessageKind.BOUNCE, by, (recipient,), original, notice, text)


def evidence_in(text: str, *pairs: tuple[str, str]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(words, says, text.find(words), text.find(words) + len(words))
        for words, says in pairs
    )


def made_up_case(  # noqa: PLR0913 - each says one thing about the case
    book: Handbook,
    cause: str = "user_unknown",
    *,
    case_id: int = 1,
    report: BounceReport | None = None,
    certainty: Certainty = Certainty.ALMOST_CERTAIN,
    slots: tuple[tuple[str, str], ...] = (),
    raw: bytes = b"Subject: Delivery Status Notification (Failure)\r\n\r\nAddress not found\r\n",
) -> OpenCase:
    report = report or report_of()
    recipient = report.recipients[0] if report.recipients else RecipientReport("")
    diagnosis = Diagnosis(
        recipient,
        ReasonId("userunknown"),
        CauseId(cause),
        BounceType.HARD,
        certainty,
        0.97,
        evidence_in(
            report.text,
            ("550 5.1.1", "the standard code for no such mailbox"),
            ("does not exist", "how Google says that the mailbox isn't there"),
        ),
        slots=slots,
    )
    advice = advise(diagnosis, report, book, my_name="Sam")
    case = CaseId(case_id)
    return OpenCase(
        id=case,
        row=row_of(case_id, cause=cause, title=advice.title, group=advice.group.value),
        report=report,
        diagnosis=diagnosis,
        advice=advice,
        seen_by_follow_up_boss=Answer("yes", "Google wrote the notice for your connected mailbox."),
        account="sam.hill@gmail.com",
        history="3rd bounce from this address since 4 March.",
        ticked={},
        raw=raw,
        others=0,
        folder="INBOX",
        file="",
    )


def row_of(  # noqa: PLR0913 - a row has many columns
    case_id: int = 1,
    *,
    name: str = "Dana Reyes",
    address: str = "dana.reyes@example.com",
    cause: str = "user_unknown",
    title: str = "This address doesn't exist",
    group: str = "address",
    batch: str = "",
    count: int = 1,
) -> CaseRow:
    return CaseRow(
        key=RowKey(CaseId(case_id), BatchId(batch) if batch else None),
        name=name,
        address=address,
        title=title,
        subject="Open house on Saturday",
        group=group,
        cause=cause,
        when=WHEN,
        is_unread=True,
        state=CaseState.NEEDS_YOU,
        snoozed_until=None,
        count=count,
        account="sam.hill@gmail.com",
    )


class MadeUpCases(Cases):
    """Keeps what was decided in memory; can be told to refuse."""

    def __init__(self, *cases: OpenCase) -> None:
        self.kept = {case.id: case for case in cases}
        self.refuses: AppError | None = None
        self.ticks: list[tuple[int, str, bool]] = []

    def look_at(self, case: CaseId) -> OpenCase:
        return self.kept[case]

    def mark_done(self, cases: Sequence[CaseId]) -> None:
        self._put(cases, CaseState.DONE)

    def reopen(self, cases: Sequence[CaseId]) -> None:
        self._put(cases, CaseState.NEEDS_YOU)

    def snooze(self, cases: Sequence[CaseId], until: datetime) -> None:
        self._put(cases, CaseState.WAITING, until)

    def hide(self, cause: CauseId, shown: Sequence[CaseId]) -> int:
        self._put(shown, CaseState.DONE)
        return len(shown)

    def choose_cause(self, cases: Sequence[CaseId], cause: CauseId) -> None:
        self._check()
        for one in cases:
            old = self.kept[one]
            diagnosis = structs.replace(old.diagnosis, cause=cause)
            advice = advise(diagnosis, old.report, handbook())
            self.kept[one] = replace(old, diagnosis=diagnosis, advice=advice)

    def tick(self, case: CaseId, step: str, *, done: bool) -> None:
        self._check()
        self.ticks.append((int(case), step, done))
        ticked = {key: at for key, at in self.kept[case].ticked.items() if key != step}
        ticked |= {step: WHEN} if done else {}
        self.kept[case] = replace(self.kept[case], ticked=ticked)

    def _put(
        self, cases: Sequence[CaseId], state: CaseState, until: datetime | None = None
    ) -> None:
        self._check()
        for one in cases:
            row = replace(self.kept[one].row, state=state, snoozed_until=until)
            self.kept[one] = replace(self.kept[one], row=row)

    def _check(self) -> None:
        if self.refuses:
            raise self.refuses
