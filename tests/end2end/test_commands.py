"""The program as its own process: what an agent, or a script, gets for what was typed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

PROJECT = Path(__file__).parents[2]
SCHEMA = PROJECT / "resources" / "schema" / "diagnosis.schema.json"
HEAVY = {"PySide6", "imapclient", "keyring", "sqlite3", "ssl", "rapidfuzz", "asyncio"}
HEAVY |= {"oxmsg", "olefile"}  # for Outlook files alone
HEAVY |= {"typing_extensions", "platformdirs", "http", "logging", "subprocess", "tempfile"}
HEAVY |= {"multiprocessing", "concurrent", "inspect", "ast", "dataclasses", "tomllib", "email"}

USER_UNKNOWN = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: agent@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<dana@example.com>: host mx.example.com said: 550 5.1.1 user unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; dana@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b
Content-Type: text/rfc822-headers

From: agent@example.org
To: dana@example.com
Subject: Open house on Saturday
Message-ID: <1@example.org>

--b--
"""
LUNCH = "From: lee@example.com\nTo: agent@example.org\nSubject: Lunch\n\nLunch at one?\n"


def program(*words: str, folder: Path, given: str = "") -> "subprocess.CompletedProcess[str]":
    """Run bounce-assistant in a folder, without a display; no traceback is ever shown."""
    environment = {key: os.environ[key] for key in os.environ if "DISPLAY" not in key}
    environment["PYTHONPATH"] = str(PROJECT)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bounce_assistant", *words],
        cwd=folder,
        input=given,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """Return the objects of JSON Lines, each proved against the published schema."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    for each in objects:
        jsonschema.validate(each, schema)
    return objects


@pytest.fixture
def bounce(tmp_path: Path) -> Path:
    path = tmp_path / "returned mail.eml"
    path.write_text(USER_UNKNOWN, encoding="utf-8")
    return path


def test_help_names_every_command(tmp_path: Path) -> None:
    done = program("--help", folder=tmp_path)
    assert done.returncode == 0
    commands = "demo diagnose explain accounts check cases verify check-rules"
    for command in commands.split():
        assert re.search(rf"\b{command}\b", done.stdout), command


@pytest.mark.parametrize(
    "words", [("diagnose",), ("diagnose", "--no-such-thing", "x"), ("explain",)]
)
def test_wrong_usage_says_how_it_is_used(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = program(*words, folder=tmp_path)
    assert done.returncode == 2
    assert "usage" in done.stderr.lower()
    assert done.stdout == ""


def test_a_bounce_is_explained_in_plain_words(tmp_path: Path, bounce: Path) -> None:
    done = program("diagnose", bounce.name, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "dana@example.com" in done.stdout
    assert "exist" in done.stdout


def test_a_script_gets_one_object_per_message_in_the_order_given(
    tmp_path: Path, bounce: Path
) -> None:
    (tmp_path / "lunch.eml").write_text(LUNCH, encoding="utf-8")
    done = program("diagnose", "--json", "lunch.eml", bounce.name, folder=tmp_path)
    lunch, returned = lines(done)
    assert done.returncode == 0
    assert (lunch["file"], lunch["kind"], lunch["deliveries"]) == ("lunch.eml", "not-a-bounce", [])
    assert (returned["file"], returned["kind"]) == (bounce.name, "bounce")
    delivery = returned["deliveries"][0]
    assert (delivery["recipient"], delivery["reason"]) == ("dana@example.com", "userunknown")
    assert (delivery["bounce_type"], delivery["status"]) == ("hard", "5.1.1")
    assert returned["original"]["subject"] == "Open house on Saturday"


def test_a_folder_is_read_in_order_and_its_files_are_named_below_it(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "1.eml").write_text(USER_UNKNOWN, encoding="utf-8")
    (tmp_path / "kept" / "2.eml").write_text(LUNCH, encoding="utf-8")
    done = program("diagnose", "--json", "kept", folder=tmp_path)
    assert [each["file"] for each in lines(done)] == [
        str(Path("kept") / "1.eml"),
        str(Path("kept") / "2.eml"),
    ]


def test_an_mbox_is_read_message_by_message(tmp_path: Path) -> None:
    start = "From MAILER-DAEMON Sun Nov 22 09:00:00 2026\n"
    mbox = f"{start}{USER_UNKNOWN}\n{start}{LUNCH}\n"
    (tmp_path / "old.mbox").write_text(mbox, encoding="utf-8")
    done = program("diagnose", "--json", "old.mbox", folder=tmp_path)
    assert [(each["file"], each["kind"]) for each in lines(done)] == [
        ("old.mbox#1", "bounce"),
        ("old.mbox#2", "not-a-bounce"),
    ]


def test_mail_can_be_piped_in(tmp_path: Path) -> None:
    done = program("diagnose", "--json", "-", folder=tmp_path, given=USER_UNKNOWN)
    (only,) = lines(done)
    assert (only["file"], only["kind"]) == ("-", "bounce")


def test_what_cannot_be_read_is_named_and_the_rest_is_done(tmp_path: Path, bounce: Path) -> None:
    done = program("diagnose", "--json", "gone.eml", bounce.name, folder=tmp_path)
    gone, returned = lines(done)
    assert done.returncode == 1
    assert gone["file"] == "gone.eml"
    assert gone["error"]
    assert returned["kind"] == "bounce"


def test_a_file_that_is_no_mail_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "photo.eml").write_bytes(bytes(range(256)) * 40)
    done = program("diagnose", "photo.eml", folder=tmp_path)
    assert done.returncode == 1
    assert "photo.eml" in done.stderr
    assert done.stderr.strip().endswith(".")


@pytest.mark.parametrize("given", ["", "\x00\x01", "\n\n\n"])
def test_nothing_to_read_is_said_and_not_guessed(tmp_path: Path, given: str) -> None:
    done = program("diagnose", "-", folder=tmp_path, given=given)
    assert done.returncode == 1
    assert done.stderr.strip()


@pytest.mark.parametrize("piped", [False, True])
def test_pasted_server_words_are_explained(tmp_path: Path, *, piped: bool) -> None:
    words = "552 5.2.2 <dana@example.com>: mailbox full"
    done = program(
        "explain", "-" if piped else words, folder=tmp_path, given=words if piped else ""
    )
    assert done.returncode == 0, done.stderr
    assert "full" in done.stdout


def test_every_shipped_data_file_proves_itself(tmp_path: Path) -> None:
    done = program("check-rules", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_without_a_display_the_demo_is_a_table_and_a_picture(tmp_path: Path) -> None:
    done = program("demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    picture = tmp_path / "demo-window.png"
    assert str(picture) in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    rows = done.stdout.splitlines()
    assert len(rows) > 40
    assert any("Dana Reyes" in row and "This address doesn't exist" in row for row in rows)


def test_where_the_picture_cannot_be_drawn_the_table_still_comes(tmp_path: Path) -> None:
    done = program("demo", "--picture", "no/such/folder/demo.png", folder=tmp_path)
    assert "This address doesn't exist" in done.stdout
    assert done.returncode == 1
    assert "demo.png" in done.stderr


def test_the_demo_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    program("demo", folder=tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_without_a_display_the_window_names_what_works_instead(tmp_path: Path) -> None:
    done = program(folder=tmp_path)
    assert done.returncode == 1
    assert "bounce-assistant diagnose" in done.stderr


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_diagnosing_one_file_loads_nothing_that_it_does_not_need(
    words: list[str], tmp_path: Path, bounce: Path
) -> None:
    code = (
        "import sys; from bounce_assistant.__main__ import main;"
        f"sys.argv = ['bounce-assistant', 'diagnose', *{words!r}, {str(bounce)!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('LOADED', *{name.partition('.')[0] for name, it in sys.modules.items() if it})"
    )
    command = [sys.executable, "-c", code]
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    for _ in range(2):  # the first start keeps what it made of the data files
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    loaded = set(done.stdout.rpartition("LOADED ")[2].split())
    assert "bounce_assistant" in loaded
    assert loaded & HEAVY == set()


def test_explain_says_between_which_two_it_hesitates(tmp_path: Path) -> None:
    done = program("explain", "550 5.2.0 insufficient disk space", folder=tmp_path)
    assert done.returncode == 0
    assert "How sure: Not sure." in done.stdout
    assert "It could also be: Their" in done.stdout
