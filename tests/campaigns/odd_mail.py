"""Mail that a server may fall over, laid between others that have to be found all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bounce_assistant.services import folder as folder_module
from tests.campaigns.inbox_world import Desk, Tally, World
from tests.servers.certificates import Authority
from tests.servers.door import Fault
from tests.servers.odd_mail_door import OddMailDoor
from tests.servers.running import running


def odd_mail(world: World, times: int, name: str, raw: bytes) -> Tally:
    """Lay a mail between others that a server may fall over; all the others must be found."""
    tally = Tally(name)
    for _ in range(times):
        tally.times += 1
        user = world.fill(20, 20)
        expected = world.expected(user)
        middle = datetime.now(UTC) - timedelta(hours=1, seconds=-20)
        world.server.put(user, raw, middle)
        before = world.proxy.passed
        with world.desk(user) as desk:
            in_time, problem = desk.check()
            tally.hung += not in_time
            tally.notes.append(problem or desk.unread)
            in_time, problem = desk.check()
            tally.hung += not in_time
            tally.notes.append(problem or desk.unread)
            found = desk.kept()
            tally.lost += sum((expected - found).values())
            if more := sum((found - expected).values()):
                tally.notes.append(f"{more} more found")
        read = (world.proxy.passed - before) / 1_000_000
        tally.notes.append(f"{read:.1f} MB read")
        (world.folder / f"{user}.sqlite3").unlink()
    return tally


def over_one_mail(world: World, times: int, authority: Authority, fault: Fault) -> Tally:
    """Have a server break over one mail whenever it is asked for; all the others must be found."""
    tally = Tally(f"a server that does so over one mail: {fault}")
    user = world.fill(20, 40)
    expected = world.expected(user)
    with running(OddMailDoor(world.server, authority.issue("odd"), fault)) as door:
        for _ in range(times):
            tally.times += 1
            with world.desk(user) as desk:
                through = replace(desk, account=replace(desk.account, imap_port=door.port))
                door.odd = {world.chance.randrange(1, 50)}
                door.part = world.chance.choice(
                    [b"BODY.PEEK[]", b"BODY.PEEK[HEADER.FIELDS", b"BODY.PEEK[TEXT]"]
                )
                for _ in range(2):
                    in_time, problem = through.check()
                    tally.hung += not in_time
                    tally.notes.append(problem)
                found = desk.kept()
                missing = sum((expected - found).values())
                tally.lost += max(0, missing - len(kept_aside(desk)))
                tally.notes.append(f"{len(kept_aside(desk))} set aside, {missing} missing")
                tally.doubled += sum((found - expected).values())
            (world.folder / f"{user}.sqlite3").unlink()
    return tally


def kept_aside(desk: Desk) -> set[tuple[str, int]]:
    """Return which mail a desk passes over."""
    with desk.store._connections.read() as db:
        return set(db.execute("SELECT folder, uid FROM set_aside"))


def long_header(field: bytes) -> bytes:
    return b"From: mailer-daemon@example.org\r\n" + field + b"\r\nno such user\r\n"


def many_fields() -> bytes:
    """Return a mail with 50 MB of header in many fields."""
    line = b"X-Filler: " + b"line of sixty-odd bytes, as servers write them, " * 20 + b"\r\n"
    return long_header(line * 50_000)


def one_field() -> bytes:
    """Return a mail with 50 MB in one field: Dovecot 2.3 falls over it."""
    return long_header(b"Subject: x" + b" x" * 25_000_000 + b"\r\n")


@contextmanager
def searching_always() -> Iterator[None]:
    """Have small folders searched as large ones are."""
    usual, folder_module.LOOK_AT_ALL = folder_module.LOOK_AT_ALL, 10
    try:
        yield
    finally:
        folder_module.LOOK_AT_ALL = usual
