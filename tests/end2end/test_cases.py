"""``cases`` as its own process: what is stored, where it stands, what was done."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.intake import add_sources
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.sources import Source
from bounce_assistant.store import open_store
from tests.end2end.program import ROOT, Program
from tests.unit.services.notices import FULL, ORDINARY, bounce

SCHEMA = json.loads((ROOT / "resources" / "schema" / "diagnosis.schema.json").read_text("utf-8"))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program whose user decided this and that."""
    program = Program(tmp_path, tmp_path / "no-ca.pem")
    knowledge = load_knowledge()
    with open_store(program.data / "bounces.sqlite3") as store:
        mails = [
            bounce("ana@example.net", name="Ana Ruiz"),
            bounce("bo@example.net", "cy@example.net", subject="Keys"),
            bounce("dee@example.net", diagnostic=FULL, subject="Ünder \x1b[31m offer"),
            ORDINARY,
        ]
        sources = [Source(f"{number}.eml", raw) for number, raw in enumerate(mails)]
        ana, bo, _, dee, _ = add_sources(sources, store, knowledge, Job()).cases
        cases = Cases(store, knowledge)
        cases.mark_done([ana])
        cases.snooze([bo], datetime.now(UTC) + timedelta(days=2))
        cases.choose_cause([dee], CauseId("mailbox_off"))
        cases.tick(dee, "call", done=True)
    return program


def told(program: Program, *words: str) -> list[dict[str, Any]]:
    done = program.run(["cases", "--json", *words])
    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    for line in lines:
        jsonschema.validate(line, SCHEMA)
    return lines


def test_every_message_is_one_line_with_its_state_and_what_was_done(program: Program) -> None:
    ana, bo_and_cy, dee, lunch = told(program)
    assert (ana["file"], ana["id"], ana["state"], ana["done"]) == ("0.eml", 1, "done", [])
    assert (ana["account"], ana["folder"], ana["uid"]) == ("", "", 0)
    assert [each["recipient"] for each in ana["deliveries"]] == ["ana@example.net"]
    assert bo_and_cy["state"] == "needs you"
    assert [each["state"] for each in bo_and_cy["deliveries"]] == ["waiting", "needs you"]
    assert bo_and_cy["deliveries"][0]["snoozed_until"]
    (delivery,) = dee["deliveries"]
    assert (delivery["cause"], delivery["cause_chosen_by"]) == ("mailbox_off", "you")
    assert delivery["who_acts"] == "them"
    assert [step["step"] for step in delivery["done"]] == ["call"]
    assert (lunch["kind"], lunch["deliveries"]) == ("not-a-bounce", [])


def test_one_state_alone_can_be_asked_for(program: Program) -> None:
    (waiting,) = told(program, "--state", "waiting")
    assert [each["recipient"] for each in waiting["deliveries"]] == ["bo@example.net"]
    assert waiting["state"] == "waiting"
    assert [one["id"] for one in told(program, "--state", "done")] == [1]


def test_people_get_a_table_that_cannot_steer_their_terminal(program: Program) -> None:
    done = program.run(["cases"])
    lines = done.out.splitlines()
    assert (done.code, len(lines)) == (0, 5)
    assert any("Ana Ruiz <ana@example.net>: This address doesn't exist" in line for line in lines)
    assert "\x1b" not in done.out


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    done = Program(tmp_path, tmp_path / "no-ca.pem").run(["cases"])
    assert (done.code, done.out) == (0, "No bounces are stored here yet.\n")


def test_a_state_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    assert Program(tmp_path, tmp_path / "no-ca.pem").run(["cases", "--state", "lost"]).code == 2


@pytest.mark.parametrize("trouble", ["newer", "damaged"])
def test_a_store_that_cannot_be_opened_ends_in_a_sentence(program: Program, trouble: str) -> None:
    path = program.data / "bounces.sqlite3"
    if trouble == "newer":
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version = 99")
    else:
        path.write_bytes(b"no database at all " * 500)
    done = program.run(["cases", "--json"])
    assert (done.code, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert trouble in done.err


def test_the_list_and_the_report_can_be_written_as_files(program: Program) -> None:
    done = program.run(["export", "--csv", "list.csv"])
    assert (done.code, done.out, done.err) == (0, "5 bounces in list.csv.\n", "")
    assert "Ana Ruiz" in (program.home / "list.csv").read_text(encoding="utf-8-sig")
    done = program.run(["export", "--pdf", "report.pdf", "--state", "done"])
    assert (done.code, done.out) == (0, "1 bounce in report.pdf.\n"), done.err
    assert (program.home / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(program: Program) -> None:
    for kind in ("--csv", "--pdf"):
        done = program.run(["export", kind, "none/file"])
        assert done.code == 1
        assert done.err.startswith("file couldn't be written.")
    assert program.run(["export"]).code == 2
