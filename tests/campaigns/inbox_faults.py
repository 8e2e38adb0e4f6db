"""What faults do to a check of an inbox: nothing lost, doubled or hung. Run by hand, as root.

python tests/campaigns/inbox_faults.py [--times N] [--kills N]

Real Dovecot behind a proxy that misbehaves at random moments, a scripted server for what Dovecot
never says, and the program as a process of its own for kill -9 and the full disk. Prints a table:
fault, times tried, lost, doubled, hung. A check hangs when it takes longer than its time-out.
"""

import argparse
import random
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bounce_assistant.mail.imap import connect_imap  # noqa: E402
from bounce_assistant.mail.secrets import MemorySecrets  # noqa: E402
from bounce_assistant.services.accounts import Accounts  # noqa: E402
from bounce_assistant.services.fetch import check_account  # noqa: E402
from bounce_assistant.services.job import Job  # noqa: E402
from bounce_assistant.store.database import open_store  # noqa: E402
from tests.campaigns.inbox_stops import stop_in_a_search, stop_in_a_stall  # noqa: E402
from tests.campaigns.inbox_world import (  # noqa: E402
    KNOWLEDGE,
    LIMIT,
    Kept,
    Tally,
    World,
    kept_in,
    new_user,
    settle,
)
from tests.campaigns.odd_mail import (  # noqa: E402
    many_fields,
    odd_mail,
    one_field,
    over_one_mail,
    searching_always,
)
from tests.end2end.large_notice import large_notice  # noqa: E402
from tests.end2end.program import Program  # noqa: E402
from tests.servers.certificates import Authority  # noqa: E402
from tests.servers.door import FAULTS  # noqa: E402
from tests.servers.dovecot import PASSWORD, running_dovecot  # noqa: E402
from tests.servers.fault_proxy import fault_proxy  # noqa: E402
from tests.servers.scripted_imap import Script, scripted_imap  # noqa: E402


def on_the_line(world: World, fault: str, times: int) -> Tally:
    """Cut, reset or stall at a random byte; or delay and throttle all the way."""
    tally = Tally(fault)
    user = world.fill()
    expected = world.expected(user)
    for _ in range(times):
        tally.times += 1
        with world.desk(user) as desk:
            if fault == "delay":
                world.proxy.delay = world.chance.uniform(0.05, 0.3)
            elif fault == "throttle":
                world.proxy.rate = world.chance.uniform(40_000, 200_000)
            else:
                world.proxy.cut_after(world.chance.randrange(200, 170_000), fault)
            in_time, problem = desk.check()
            tally.hung += not in_time
            tally.notes.append(problem)
            world.proxy.heal()
            world.proxy.delay = world.proxy.rate = 0
            settle(tally, desk, expected)
        (world.folder / f"{user}.sqlite3").unlink()
    return tally


def while_reading(world: World, name: str, times: int, act: Callable[[World, str], None]) -> Tally:
    """Do something to the mailbox in the middle of a check; what is still there must be found."""
    tally = Tally(name)
    for _ in range(times):
        tally.times += 1
        user = world.fill()
        with world.desk(user) as desk:
            world.proxy.rate = 120_000
            timer = threading.Timer(world.chance.uniform(0.05, 1.5), act, [world, user])
            timer.start()
            in_time, problem = desk.check()
            timer.join(LIMIT)
            tally.hung += not in_time
            tally.notes.append(problem)
            world.proxy.rate = 0
            left = still_there(world, user)
            in_time, _ = desk.check()
            tally.hung += not in_time
            found = desk.kept()
            tally.lost += sum((left - found).values())
            tally.doubled += sum(number - 1 for number in found.values() if number > 1)
        (world.folder / f"{user}.sqlite3").unlink()
    return tally


def still_there(world: World, user: str) -> Kept:
    """Return what a new program finds in the mailbox as it is now."""
    with ExitStack() as stack:
        name = f"{user}-again.sqlite3"
        context = ssl.create_default_context(cafile=world.server.ca)
        store = stack.enter_context(open_store(world.folder / name))
        accounts = Accounts(
            store.accounts,
            MemorySecrets(),
            lambda a, c, line, of: connect_imap(a, c, line, of, context),
        )
        account = accounts.add(world.server.account(user), PASSWORD)
        check_account(account, accounts, store, KNOWLEDGE, Job())
        found = kept_in(store)
    (world.folder / name).unlink()
    return found


def renumber(world: World, user: str) -> None:
    """Give the folders a new UIDVALIDITY."""
    root = world.server.home / "mail" / user / "Maildir"
    for path in root.rglob("dovecot*"):
        path.unlink(missing_ok=True)


def delete_junk(world: World, user: str) -> None:
    shutil.rmtree(world.server.folder(user, "Junk"), ignore_errors=True)


def expunge_some(world: World, user: str) -> None:
    files = [
        path for part in ("new", "cur") for path in (world.server.folder(user) / part).iterdir()
    ]
    for path in world.chance.sample(files, min(25, len(files))):
        path.unlink(missing_ok=True)


def say_bye(world: World, user: str) -> None:
    conf = world.server.home / "dovecot.conf"
    subprocess.run(
        ["doveadm", "-c", str(conf), "kick", user], check=False, capture_output=True, timeout=20
    )


def refused(world: World, times: int, authority: Authority) -> list[Tally]:
    """TLS taken away, and a certificate of another name: no password may be sent."""
    hidden = Tally("STARTTLS hidden (TLS downgrade)")
    for _ in range(times):
        hidden.times += 1
        with scripted_imap(Script()) as server:
            user = new_user()
            with world.desk(user) as desk:
                account = replace(desk.account, imap_port=server.port, imap_security="starttls")
                in_time, problem = replace(desk, account=account).check()
            hidden.hung += not in_time
            hidden.notes.append(problem)
            hidden.lost += any(b"LOGIN" in line for line in server.heard)
    other = Tally("certificate of another name")
    with running_dovecot(authority, authority.issue("other", host="other.example")) as server:
        for _ in range(times):
            other.times += 1
            user = new_user()
            with world.desk(user) as desk:
                account = replace(desk.account, imap_port=server.tls_port)
                in_time, problem = replace(desk, account=account).check()
            other.hung += not in_time
            other.notes.append(problem)
        other.lost += "Login:" in (server.home / "dovecot.log").read_text()
    return [hidden, other]


def wrong_literals(world: World, times: int, authority: Authority) -> Tally:
    """A server that miscounts what it sends."""
    tally = Tally("literal of the wrong length")
    certificate = authority.issue("literal")
    for number in range(times):
        tally.times += 1
        length = (5, 100, 9_999, 999_999_999, 4_294_967_296, 0)[number % 6]
        said = b"* 1 FETCH (UID 1 RFC822.SIZE 50 BODY[HEADER.FIELDS (FROM)]<0> {%d}\r\n" % length
        said += b"From: mailer-daemon@x\r\n\r\n)\r\n{tag} OK done\r\n"
        script = Script(
            certificate=certificate,
            answers={
                "LIST": b'* LIST () "/" INBOX\r\n{tag} OK done\r\n',
                "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n* OK [UIDNEXT 2]\r\n"
                b"{tag} OK [READ-ONLY] done\r\n",
                "UID SEARCH": b"* SEARCH 1\r\n{tag} OK done\r\n",
                "UID FETCH": said,
            },
        )
        with scripted_imap(script) as server, world.desk(new_user()) as desk:
            desk.account = replace(desk.account, imap_port=server.port)
            in_time, problem = desk.check()
            tally.hung += not in_time
            tally.doubled += sum(desk.kept().values())
            tally.notes.append(problem or desk.unread)
    return tally


def connect(program: Program, port: int, user: str) -> None:
    words = ["accounts", "add", f"{user}@example.com", "--imap-host", "localhost"]
    words += ["--imap-port", str(port), "--username", user, "--password-stdin"]
    done = program.run(words, typed=f"{PASSWORD}\n")
    if done.code:
        sys.exit(done.err)


def kills(world: World, times: int) -> Tally:
    """kill -9 at a random moment; the next run goes on with what the last one left."""
    tally = Tally("kill -9 at a random moment")
    user = world.fill(60, 120)
    expected = world.expected(user)
    home = world.folder / "killed"
    home.mkdir()
    program = Program(home, world.server.ca)
    connect(program, world.server.tls_port, user)
    fresh = (program.data / "bounces.sqlite3").read_bytes()
    took = 2.5
    while tally.times < times:
        began = time.monotonic()
        process = program.start("check", "--password-stdin", "--json")
        assert process.stdin
        process.stdin.write(f"{PASSWORD}\n")
        process.stdin.flush()
        try:
            process.wait(world.chance.uniform(0.3 * took, took))
        except subprocess.TimeoutExpired:
            process.kill()
            tally.times += 1
        process.communicate(timeout=LIMIT)
        if process.returncode != -9:
            took = max(1.0, time.monotonic() - began)
            with open_store(program.data / "bounces.sqlite3") as store:
                found = kept_in(store)
            tally.lost += sum((expected - found).values())
            tally.doubled += sum((found - expected).values())
            for path in program.data.glob("bounces.sqlite3*"):
                path.unlink()
            (program.data / "bounces.sqlite3").write_bytes(fresh)
    done = program.run(["check", "--password-stdin"], typed=f"{PASSWORD}\n")
    with open_store(program.data / "bounces.sqlite3") as store:
        found = kept_in(store)
    tally.lost += sum((expected - found).values())
    tally.doubled += sum((found - expected).values())
    tally.hung += done.code != 0
    return tally


def full_disks(world: World, times: int) -> Tally:
    tally = Tally("disk full")
    for _ in range(times):
        user = world.fill(40, 60)
        expected = world.expected(user)
        small = world.folder / "small"
        small.mkdir(exist_ok=True)
        size = world.chance.randrange(960, 1_300)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(small)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            tally.notes.append("needs root")
            return tally
        try:
            tally.times += 1
            program = Program(small, world.server.ca)
            connect(program, world.server.tls_port, user)
            first = program.run(["check", "--password-stdin"], typed=f"{PASSWORD}\n")
            tally.notes.append("told" if "no room left" in first.err else "fitted")
            subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
            program.run(["check", "--password-stdin"], typed=f"{PASSWORD}\n")
            with open_store(program.data / "bounces.sqlite3") as store:
                found = kept_in(store)
            tally.lost += sum((expected - found).values())
            tally.doubled += sum((found - expected).values())
        finally:
            subprocess.run(["umount", str(small)], check=True)
    return tally


def run(times: int, kill_times: int, say: Callable[[object], None]) -> list[Tally]:
    """Try every fault; return the table's lines."""
    table: list[Tally] = []

    def add(*lines: Tally) -> None:
        for line in lines:
            table.append(line)
            say(line)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority(folder)
        server = stack.enter_context(running_dovecot(authority, authority.issue("faults")))
        proxy = stack.enter_context(fault_proxy(server.tls_port))
        world = World(server, proxy, folder, random.Random(17))  # noqa: S311
        for fault in ("delay", "throttle", "cut", "reset", "stall"):
            add(on_the_line(world, fault, times))
        add(stop_in_a_stall(world, times))
        add(while_reading(world, "UIDVALIDITY changed in the middle", times, renumber))
        add(while_reading(world, "a folder deleted under us", times, delete_junk))
        add(while_reading(world, "messages expunged in the middle", times, expunge_some))
        add(while_reading(world, "BYE in the middle", times, say_bye))
        add(*refused(world, times, authority))
        add(wrong_literals(world, times, authority))
        for over in FAULTS:
            add(over_one_mail(world, times, authority, over))
        few = max(1, times // 10)
        add(odd_mail(world, few, "50 MB header of many fields", many_fields()))
        add(odd_mail(world, few, "50 MB header of one field", one_field()))
        with searching_always():
            add(odd_mail(world, few, "the same, and found by a search", one_field()))
        add(stop_in_a_search(world, times))
        add(odd_mail(world, few, "a returned mail of 25 MB", large_notice()))
        add(full_disks(world, max(1, times // 4)))
        if kill_times:
            add(kills(world, kill_times))
    return table


def main() -> None:
    """Print the table, line by line as it comes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--kills", type=int, default=200)
    chosen = parser.parse_args()
    print(f"| {'fault':<44} | tried | lost | doubled | hung | what was said")
    table = run(chosen.times, chosen.kills, lambda line: print(line, flush=True))
    sys.exit(any(line.lost or line.doubled or line.hung for line in table))


if __name__ == "__main__":
    main()
