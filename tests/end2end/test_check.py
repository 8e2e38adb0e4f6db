"""``accounts`` and ``check`` as their own process, against a real Dovecot with real notices."""

import json
import shutil
import signal
import sqlite3
import subprocess
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.contract.test_sent_copies import notice as returned
from tests.end2end.ordinary_mail import ordinary_mail
from tests.end2end.program import ROOT, Done, Program
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.fault_proxy import fault_proxy

pytestmark = pytest.mark.real

EMAIL = "rosa@sunrise-homes.example"
NOTICES = Path(__file__).parents[1] / "corpus" / "messages"
STORED_KINDS = {"bounce", "delay", "feedback"}
SECRET = f"{PASSWORD}\n"
_users = count()


def real_notices() -> list[tuple[bytes, dict[str, Any]]]:
    """Return notices that real mail servers wrote, with what each must yield."""
    found = []
    for path in sorted(NOTICES.glob("*.eml")):
        expected = tomllib.loads(path.with_suffix(".toml").read_text())
        if expected["kind"] in STORED_KINDS and not path.name.startswith("others-"):
            found.append((path.read_bytes(), expected))
    if len(found) < 60:
        pytest.skip("There are fewer than 60 notices in tests/corpus/messages.")
    return found[:: len(found) // 90 or 1][:90]  # of every kind of server


@pytest.fixture
def user() -> str:
    return f"rosa{next(_users)}"


def connect(program: Program, port: int, user: str) -> Done:
    words = ["accounts", "add", EMAIL, "--imap-host", "localhost", "--imap-port", str(port)]
    return program.run([*words, "--username", user, "--password-stdin"], typed=SECRET)


def check(program: Program, *words: str) -> Done:
    done = program.run(["check", "--password-stdin", *words], typed=SECRET)
    assert "Traceback" not in done.err
    assert PASSWORD not in done.out + done.err
    return done


def kept(program: Program) -> list[tuple[str, str, str]]:
    """Return recipient, reason and digest of every case in the store."""
    with sqlite3.connect(program.data / "bounces.sqlite3") as db:
        found = db.execute(
            "SELECT recipient, reason, digest FROM bounce JOIN message ON message.id = message_id"
        ).fetchall()
    db.close()
    return found


def expected_cases(notices: list[tuple[bytes, dict[str, Any]]]) -> Counter[str]:
    return Counter(
        delivery["recipient"].lower()
        for _, expected in notices
        for delivery in expected.get("delivery", [])
    )


@pytest.fixture
def fill(dovecot: Dovecot, user: str) -> Callable[[int, int], list[tuple[bytes, dict[str, Any]]]]:
    """Put ordinary mail into the inbox, and real notices in between, some of them in Junk."""

    def filled(letters: int, notices: int) -> list[tuple[bytes, dict[str, Any]]]:
        now = datetime.now(UTC)
        chosen = real_notices()[:notices]
        every = max(1, letters // max(1, len(chosen)))
        waiting: Iterator[tuple[bytes, dict[str, Any]]] = iter(chosen)
        for number, (raw, when) in enumerate(ordinary_mail(letters, now)):
            dovecot.put(user, raw, when)
            if number % every == 0 and (notice := next(waiting, None)):
                folder = "Junk" if number % (5 * every) == 0 else "INBOX"
                dovecot.put(user, notice[0], when, folder=folder)
        for notice in waiting:
            dovecot.put(user, notice[0], now - timedelta(hours=1))
        return chosen

    return filled


Fill = Callable[[int, int], list[tuple[bytes, dict[str, Any]]]]


def test_an_inbox_gives_up_its_bounces_and_stays_as_it_was(
    dovecot: Dovecot,
    user: str,
    program: Program,
    fill: Fill,
    record_property: Callable[[str, object], None],
) -> None:
    notices = fill(2_000, 90)
    assert connect(program, dovecot.tls_port, user).code == 0
    before = dovecot.snapshot(user)
    began = time.monotonic()
    done = check(program, "--json")
    took = time.monotonic() - began
    assert done.code == 0, done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert len(lines) == len(notices)
    assert {line["folder"] for line in lines} == {"INBOX", "Junk"}
    assert all(line["account"] == EMAIL and line["uid"] for line in lines)
    assert dovecot.snapshot(user) == before
    schema = json.loads((ROOT / "resources/schema/diagnosis.schema.json").read_text())
    for line in lines:
        jsonschema.validate(line, schema)

    stored = kept(program)
    wanted = expected_cases(notices)
    found = Counter(recipient for recipient, _, _ in stored)
    assert sum((wanted - found).values()) == 0, wanted - found
    assert all(reason for _, reason, _ in stored)

    began = time.monotonic()
    again = check(program, "--json")
    took_again = time.monotonic() - began
    assert (again.code, again.out) == (0, "")
    assert "Nothing new." in again.err
    assert kept(program) == stored
    # adding tried the account once, then the two checks
    _, first, second = dovecot.bytes_sent(user, 3)
    size = sum(len(raw) for raw, _ in notices)
    record_property("check", f"{took:.2f} s, {first:,} bytes for {size:,} bytes of notices")
    record_property("second check", f"{took_again:.2f} s, {second:,} bytes")
    print(f"check {took:.2f} s {first:,} B (notices {size:,} B)", end="; ")  # noqa: T201 - figures to keep
    print(f"second {took_again:.2f} s {second:,} B")  # noqa: T201 - figures to keep
    assert first < 1.3 * size + 2_000_000
    assert second < 50_000
    assert dovecot.snapshot(user) == before


def test_new_mail_alone_is_looked_at(
    dovecot: Dovecot, user: str, program: Program, fill: Fill
) -> None:
    fill(20, 3)
    connect(program, dovecot.port, user)  # the wrong port for TLS
    assert connect(program, dovecot.tls_port, user).code == 0
    assert "23 messages looked at, 3 bounces found." in check(program).out
    dovecot.put(user, real_notices()[3][0], datetime.now(UTC))
    assert "1 messages looked at, 1 bounce found." in check(program).out


def test_starttls_serves_as_well(dovecot: Dovecot, user: str, program: Program, fill: Fill) -> None:
    fill(5, 2)
    words = ["accounts", "add", EMAIL, "--imap-host", "localhost", "--imap-security", "starttls"]
    words += ["--imap-port", str(dovecot.port), "--username", user, "--password-stdin"]
    added = program.run(words, typed=SECRET)
    assert added.code == 0
    assert "no keychain" in added.err
    assert "2 bounces found" in check(program).out
    tested = program.run(["accounts", "test", "--password-stdin"], typed=SECRET)
    assert (tested.code, tested.out) == (0, f"{EMAIL}: Reading works.\n")
    assert "Sending doesn't work. No outgoing mail server is known." in tested.err
    assert EMAIL in program.run(["accounts", "list"]).out
    assert program.run(["accounts", "remove", EMAIL]).code == 0
    assert program.run(["accounts", "list"]).out == ""
    assert len(kept(program)) >= 2


def test_a_wrong_password_is_told_and_nothing_is_kept_of_it(
    dovecot: Dovecot, user: str, program: Program
) -> None:
    words = ["accounts", "add", EMAIL, "--imap-host", "localhost", "--username", user]
    words += ["--imap-port", str(dovecot.tls_port), "--password-stdin"]
    done = program.run(words, typed="hunter2-wrong\n")
    assert done.code == 1
    assert f"localhost didn't accept that password for {user}." in done.err
    assert "Check the user name" in done.err
    assert "Traceback" not in done.err
    assert program.run(["accounts", "list"]).out == ""
    for file in program.home.rglob("*"):
        if file.is_file():
            assert b"hunter2-wrong" not in file.read_bytes()


def test_an_expired_certificate_stops_before_the_password(
    user: str, program: Program, authority: Authority
) -> None:
    with running_dovecot(authority, authority.issue("expired", days_left=-2)) as server:
        done = connect(program, server.tls_port, user)
        assert "Login:" not in (server.home / "dovecot.log").read_text()
    assert done.code == 1
    assert "We couldn't be sure this was really localhost" in done.err
    assert "Its certificate has expired." in done.err


def test_without_a_connection_the_program_says_so(
    user: str, program: Program, dovecot: Dovecot
) -> None:
    assert check(program).code == 1
    assert "No mailbox is connected." in check(program).err
    with fault_proxy(dovecot.tls_port) as proxy:
        assert connect(program, proxy.port, user).code == 0
    done = check(program)
    assert done.code == 1
    assert "localhost doesn't take connections" in done.err
    assert "0 bounces kept." in done.out


@pytest.mark.parametrize("fault", ["cut", "reset"])
def test_a_line_that_breaks_is_dialled_again(
    dovecot: Dovecot, user: str, program: Program, fill: Fill, fault: str
) -> None:
    notices = fill(100, 40)
    with fault_proxy(dovecot.tls_port) as proxy:
        assert connect(program, proxy.port, user).code == 0
        proxy.cut_after(150_000, fault)
        done = check(program, "--json")
    assert (done.code, len(done.out.splitlines())) == (0, len(notices)), done.err


@pytest.mark.parametrize("fault", ["cut", "reset"])
def test_a_pulled_connection_loses_nothing(
    dovecot: Dovecot, user: str, program: Program, fill: Fill, fault: str
) -> None:
    notices = fill(100, 40)
    with fault_proxy(dovecot.tls_port) as proxy:
        assert connect(program, proxy.port, user).code == 0
        proxy.cut_after(150_000, fault, then=500)
        done = check(program, "--json")
        assert done.code == 1
        first = done.out.splitlines()
        assert 0 < len(first) < len(notices)
        proxy.heal()
        done = check(program, "--json")
        assert done.code == 0
        assert len(first) + len(done.out.splitlines()) == len(notices)
    digests = {digest for _, _, digest in kept(program)}
    assert len(digests) == len(notices)


def test_ctrl_c_stops_a_stalled_check_and_keeps_what_was_found(
    dovecot: Dovecot, user: str, program: Program, fill: Fill
) -> None:
    fill(100, 40)
    with fault_proxy(dovecot.tls_port) as proxy:
        assert connect(program, proxy.port, user).code == 0
        proxy.cut_after(150_000, "stall")
        process = program.start("check", "--password-stdin", "--json")
        assert process.stdin
        process.stdin.write(SECRET)
        process.stdin.flush()
        assert proxy.stalled.wait(30)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - began < 2
    assert process.returncode == 1
    assert f"Stopped. {len(out.splitlines())} bounces kept." in err
    assert len({digest for _, _, digest in kept(program)}) == len(out.splitlines()) > 0


def test_a_check_killed_twenty_times_loses_and_doubles_nothing(
    dovecot: Dovecot, user: str, program: Program, fill: Fill
) -> None:
    notices = fill(90, 90)
    assert connect(program, dovecot.tls_port, user).code == 0
    printed: list[str] = []
    killed = 0
    for _ in range(20):
        process = program.start("check", "--password-stdin", "--json")
        assert process.stdin
        assert process.stdout
        process.stdin.write(SECRET)
        process.stdin.flush()
        line = process.stdout.readline()
        process.kill()
        rest = process.stdout.read()  # communicate() would miss what readline() read ahead
        process.communicate()
        printed += [text for text in (line + rest).splitlines() if text.endswith("}")]
        killed += process.returncode == -signal.SIGKILL
    assert killed == 20
    done = check(program, "--json")
    assert done.code == 0
    assert len({digest for _, _, digest in kept(program)}) == len(notices)
    found = Counter(recipient for recipient, _, _ in kept(program))
    assert sum((expected_cases(notices) - found).values()) == 0
    uids = [(json.loads(line)["folder"], json.loads(line)["uid"]) for line in printed]
    assert len(uids) == len(set(uids))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which can be made smaller and larger with mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("A small disk can't be mounted here; that needs root.")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_nothing_is_lost(
    dovecot: Dovecot, user: str, authority: Authority, fill: Fill, small_disk: Path
) -> None:
    program = Program(small_disk, authority.ca)
    notices = fill(60, 60)
    assert connect(program, dovecot.tls_port, user).code == 0
    assert program.run(["explain", "550 5.1.1 no such user"]).code == 0  # fills the cache
    room = shutil.disk_usage(small_disk).used // 1024 + 500
    subprocess.run(["mount", "-o", f"remount,size={room}k", str(small_disk)], check=True)
    done = check(program, "--json")
    assert done.code == 1
    assert "There's no room left on the disk." in done.err
    first = done.out.splitlines()
    assert 0 < len(first) < len(notices)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    done = check(program, "--json")
    assert done.code == 0, done.err
    assert len(first) + len(done.out.splitlines()) == len(notices)
    assert len({digest for _, _, digest in kept(program)}) == len(notices)


def test_a_huge_notice_is_read_by_its_beginning(
    dovecot: Dovecot, user: str, program: Program
) -> None:
    raw, expected = real_notices()[0]
    padding = b"The house is still for sale.\n" * 2_100_000
    dovecot.put(user, raw + padding, datetime.now(UTC))  # 60 MB
    assert connect(program, dovecot.tls_port, user).code == 0
    done = check(program, "--json")
    assert done.code == 0, done.err
    (line,) = done.out.splitlines()
    wanted = [delivery["recipient"] for delivery in expected["delivery"]]
    assert [delivery["recipient"] for delivery in json.loads(line)["deliveries"]] == wanted
    assert dovecot.bytes_sent(user, 2)[1] < 1_100_000


def test_check_and_cases_agree_on_whose_mail_came_back(
    dovecot: Dovecot, user: str, program: Program
) -> None:
    now = datetime.now(UTC)
    for number in range(2):
        dovecot.put(user, returned(EMAIL, f"<{number}@sunrise-homes.example>"), now)
    copy = f"Message-ID: <1@sunrise-homes.example>\r\nFrom: {EMAIL}\r\n\r\nCome by.\r\n"
    dovecot.put(user, copy.encode(), now, folder="Sent")
    assert connect(program, dovecot.tls_port, user).code == 0
    told = []
    for done in (check(program, "--json"), program.run(["cases", "--json"])):
        assert done.code == 0, done.err
        lines = sorted(map(json.loads, done.out.splitlines()), key=lambda line: line["uid"])
        told.append([(line["sent_by_you"], line["deliveries"][0]["cause"]) for line in lines])
    assert told == [[("no", "forged"), ("yes", "user_unknown")]] * 2
