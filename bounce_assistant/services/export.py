"""The list as a file for other programs: CSV (RFC 4180) whose cells can't act as formulas."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bounce_assistant.advice.playbooks import BADGES, CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store.rows import CaseRow, RowKey

COLUMNS = (
    "Date",
    "Name",
    "Address",
    "What happened",
    "Sort",
    "Who acts",
    "Subject",
    "State",
    "Waiting until",
    "Account",
)
_WHO = {"you": "You", "them": "Them", "provider": "Your provider or IT person", "nobody": "Nobody"}
# What a spreadsheet may take for a formula, in its full-width forms too.
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where a comma is the decimal sign, spreadsheets end cells at semicolons, whatever stands around.
_INNER = re.compile("(;[\\s\"']*)(?=[=+@|%\uff1d\uff0b\uff0d\uff20-])")
_PAGE = 400  # rows read at once


def read_rows(cases: Cases, keys: Sequence[RowKey]) -> Iterator[CaseRow]:
    """Yield the rows of keys in their order; one that went meanwhile is left out."""
    for start in range(0, len(keys), _PAGE):
        page = keys[start : start + _PAGE]
        rows = cases.rows(page)
        yield from (rows[key] for key in page if key in rows)


def write_csv(path: Path, cases: Cases, keys: Sequence[RowKey], knowledge: Knowledge) -> int:
    """Write cases into a CSV file, one a line, times local; return how many.

    UTF-8 with a mark, which spreadsheets need to read names right. Raises AppError when the file
    can't be written.
    """
    count = 0
    try:
        with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for row in read_rows(cases, keys):
                writer.writerow([safe_cell(cell) for cell in _cells(row, knowledge)])
                count += 1
    except OSError as problem:
        raise not_written(path, problem) from problem
    return count


def not_written(path: Path, problem: OSError) -> AppError:
    """Return what to tell when a file can't be written."""
    return AppError(
        f"{path.name} couldn't be written.",
        problem.strerror or "",
        "Choose another folder, or close the file where it is open.",
    )


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    line = _INNER.sub(r"\1'", " ".join(text.split()))
    return f"'{line}" if line.startswith(_FORMULA) or text.startswith(_FORMULA) else line


def _cells(row: CaseRow, knowledge: Knowledge) -> tuple[str, ...]:
    until = f"{row.snoozed_until.astimezone():%Y-%m-%d %H:%M}" if row.snoozed_until else ""
    return (
        f"{row.when.astimezone():%Y-%m-%d %H:%M}",
        row.name if row.name != row.address else "",
        row.address,
        row.title,
        BADGES[CauseGroup(row.group)],
        _WHO.get(knowledge.who_acts(CauseId(row.cause)), ""),
        row.subject,
        row.state.value.capitalize(),
        until,
        row.account,
    )
