"""``resend`` and ``outbox`` as a person types them, against real servers for both directions."""

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.end2end.program import Program
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.submission import Submission
from tests.unit.services.notices import FULL, UNKNOWN, bounce

pytestmark = pytest.mark.real


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    user = f"agent-{uuid4().hex[:8]}"
    dovecot.folder(user, "Sent")
    return user


@pytest.fixture
def program(tmp_path: Path, dovecot: Dovecot, submission: Submission, user: str) -> Program:
    program = Program(tmp_path, dovecot.ca)
    done = program.run(
        [
            "accounts", "add", f"{user}@example.com", "--username", user, "--password-stdin",
            "--imap-host", "localhost", "--imap-port", str(dovecot.tls_port),
            "--smtp-host", "localhost", "--smtp-port", str(submission.port),
        ],
        typed=f"{PASSWORD}\n",
    )  # fmt: skip
    assert done.code == 0, done.err
    return program


def find_case(program: Program, dovecot: Dovecot, user: str, diagnostic: str = FULL) -> str:
    """Lay a bounce into the inbox, check it, and return the case's number."""
    sent = datetime.now(UTC) - timedelta(hours=1)
    notice = bounce(
        "dana@example.net", name="Dana Reyes", diagnostic=diagnostic, sent=sent, arrived=sent
    )
    dovecot.put(user, notice.replace(b"agent@example.com", f"{user}@example.com".encode()), sent)
    done = program.run(["check", "--password-stdin"], typed=f"{PASSWORD}\n")
    assert done.code == 0, done.err
    return str(json.loads(program.run(["cases", "--json"]).out)["id"])


def test_a_dry_run_shows_the_review_and_sends_nothing(
    program: Program, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    case = find_case(program, dovecot, user)
    done = program.run(["resend", case, "--to", "dana.r@example.net", "--dry-run"])
    assert done.code == 0, done.err
    assert f"From:    Agent <{user}@example.com>" in done.out
    assert "To:      Dana Reyes <dana.r@example.net>" in done.out
    assert "Subject: Open house on Saturday" in done.out
    assert "  - text (text/plain, 1 KB)" in done.out
    assert "From the copy that the bounce brought back." in done.out
    assert submission.received == []
    assert "Nothing is waiting" in program.run(["outbox"]).out


def test_it_is_sent_and_watched(
    program: Program, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    case = find_case(program, dovecot, user, UNKNOWN)
    done = program.run(["resend", case])
    assert done.code == 1
    assert "Tick it off with --checked." in done.err
    done = program.run(
        ["resend", case, "--to", "dana.r@example.net", "--now", "--password-stdin"],
        typed=f"{PASSWORD}\n",
    )
    assert done.code == 0, done.err
    assert "Sent to dana.r@example.net. Waiting - no bounce so far." in done.out
    (received,) = submission.received
    assert received.recipients == ["dana.r@example.net"]
    told = json.loads(program.run(["cases", "--json"]).out)
    assert told["state"] == "waiting"
    (step,) = told["done"]
    assert (step["step"], step["to"], step["state"], step["watch"]) == (
        "send_again", "dana.r@example.net", "sent", "watching",
    )  # fmt: skip
    assert sum(".Sent" in path for path in dovecot.snapshot(user)) == 1


def test_ctrl_c_within_ten_seconds_takes_it_back(
    program: Program, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    case = find_case(program, dovecot, user)
    process = program.start("resend", case, "--password-stdin")
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{PASSWORD}\n")
    process.stdin.flush()
    for line in process.stdout:
        if "Ctrl+C" in line:
            break
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert "Undone. Nothing was sent." in out
    assert submission.received == []
    assert json.loads(program.run(["cases", "--json"]).out)["state"] == "needs you"


def test_a_try_for_later_is_listed_and_called_back(
    program: Program, dovecot: Dovecot, user: str
) -> None:
    case = find_case(program, dovecot, user)
    done = program.run(["resend", case, "--later", "2d"])
    assert done.code == 0, done.err
    assert "Will try again" in done.out
    listed = program.run(["outbox"]).out
    assert 'dana@example.net: "Open house on Saturday". Will try again' in listed
    assert "on its way" in program.run(["resend", case, "--dry-run"]).err
    done = program.run(["outbox", "--cancel", listed.split()[0]])
    assert done.out == "Nothing is waiting to go out.\n"


def test_an_account_with_mail_that_waits_is_removed_knowingly(
    program: Program, dovecot: Dovecot, user: str
) -> None:
    case = find_case(program, dovecot, user)
    assert program.run(["resend", case, "--later", "2d"]).code == 0
    remove = ["accounts", "remove", f"{user}@example.com", "--forget-bounces"]
    refused = program.run(remove)
    assert refused.code == 1
    assert refused.err.startswith("1 email is still waiting to be sent, and can't be without")
    assert "--drop-waiting" in refused.err
    assert "Will try again" in program.run(["outbox"]).out
    later = program.run(["accounts", "remove", f"{user}@example.com", "--when-sent"])
    assert later.out.endswith("is forgotten once 1 email has left. Its bounces stay.\n")
    program.run(["outbox", "--send-due"])
    assert "removed once its emails have left" in program.run(["accounts", "list"]).out
    removed = program.run([*remove, "--drop-waiting"])
    assert removed.code == 0, removed.err
    assert "1 waiting email won't be sent." in removed.out
    assert program.run(["outbox"]).out == "Nothing is waiting to go out.\n"


def test_a_refusal_ends_with_the_servers_words(
    program: Program, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    case = find_case(program, dovecot, user)
    submission.mood.replies["data"] = "554 5.7.1 Not today"
    done = program.run(["resend", case, "--now", "--password-stdin"], typed=f"{PASSWORD}\n")
    assert done.code == 1
    assert "554 5.7.1 Not today" in done.err
    assert "Nothing was sent." in done.err


def test_a_number_that_is_no_case_says_so(program: Program) -> None:
    done = program.run(["resend", "99"])
    assert (done.code, done.out) == (1, "")
    assert "isn't here any more" in done.err
    assert program.run(["resend"]).code == 2
