"""The list as a file: everything is in it, and nothing in it acts."""

import csv
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.export import COLUMNS, safe_cell, write_csv
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.summary import summarize
from bounce_assistant.store import Store
from bounce_assistant.store.rows import CaseQuery
from tests.unit.services.notices import FULL, bounce

EVERYTHING = CaseQuery(state=None)


@pytest.fixture
def cases(store: Store, knowledge: Knowledge) -> Cases:
    made = Cases(store, knowledge)
    for name in ("dana", "ray", "kim", "lou"):
        raw = bounce(f"{name}@example.net", name=f"{name.title()} Reyes")
        add_text(raw.decode(), store, knowledge, Job())
    full = bounce("una@example.org", subject="=HYPERLINK(0)", diagnostic=FULL)
    add_text(full.decode(), store, knowledge, Job())
    return made


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_person_has_a_line_folded_or_not(
    cases: Cases, knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    assert write_csv(path, cases, cases.listed(EVERYTHING), knowledge) == 5
    head, *lines = read(path)
    assert tuple(head) == COLUMNS
    assert {line[2] for line in lines} >= {"dana@example.net", "una@example.org"}
    dana = next(line for line in lines if line[2] == "dana@example.net")
    assert dana[1] == "Dana Reyes"
    assert dana[3:6] == ["This address doesn't exist", "Wrong address", "You"]


def test_a_subject_that_is_a_formula_stays_words(
    cases: Cases, knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    write_csv(path, cases, cases.listed(EVERYTHING), knowledge)
    cells = [cell for line in read(path) for cell in line]
    assert "'=HYPERLINK(0)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "text", ["=1+1", " =1", "\t=1", "+1", "-1", "@SUM(1)", "\uff1d1", "\r\n=1", "|calc"]
)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert safe_cell(text).startswith("'")
    assert "\n" not in safe_cell(text)


@pytest.mark.parametrize(
    "text", ["Hi;=1+1", 'Hi; "=1+1"', "a;b;+1", "x;\uff1d1", ";-1", "; @SUM(1)"]
)
def test_no_formula_hides_behind_a_semicolon(text: str) -> None:
    """Spreadsheets of half of Europe end cells there, also in a file with commas."""
    cells = [cell.strip(' "') for cell in safe_cell(text).split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\uff1d"))]
    assert safe_cell("Tea; then coffee") == "Tea; then coffee"


def test_a_file_that_cannot_be_written_is_told(
    cases: Cases, knowledge: Knowledge, tmp_path: Path
) -> None:
    with pytest.raises(AppError, match=r"list\.csv couldn't be written"):
        write_csv(tmp_path / "none" / "list.csv", cases, [], knowledge)


def test_the_report_counts_and_puts_a_mailing_in_one_line(cases: Cases) -> None:
    summary = summarize(cases, cases.listed(EVERYTHING))
    assert summary.total == 5
    assert [(one.words, one.count) for one in summary.states] == [
        ("Needs you", 5),
        ("Waiting", 0),
        ("Done", 0),
    ]
    assert {(one.words, one.count) for one in summary.sorts} == {
        ("Wrong address", 4),
        ("Try later", 1),
    }
    assert [group.others for group in summary.people if group.first.name.endswith("Reyes")] == [3]
    assert summary.more == 0
