"""Stop, pressed while a server is silent or while much is going on; it has a second."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from bounce_assistant.services.job import Job
from tests.campaigns.inbox_world import LIMIT, Kept, Tally, World, settle
from tests.campaigns.odd_mail import one_field

_STOP_LIMIT = 1.0  # seconds


def stop_in_a_stall(world: World, times: int) -> Tally:
    """Press Stop while the server is silent; it has a second."""
    tally = Tally("Stop while a server stalls")
    user = world.fill()
    expected = world.expected(user)

    def until_stalled() -> None:
        world.proxy.stalled.wait(LIMIT)

    slowest = 0.0
    for _ in range(times):
        world.proxy.stalled.clear()
        world.proxy.cut_after(world.chance.randrange(2_000, 120_000), "stall")
        slowest = max(slowest, stopped(world, user, expected, tally, until_stalled))
    tally.notes.append(f"slowest answer {slowest:.2f} s")
    return tally


def stop_in_a_search(world: World, times: int) -> Tally:
    """Press Stop while the mail is looked for that fells the server; it has a second."""
    tally = Tally("Stop while such a mail is looked for")
    user = world.fill()
    expected = world.expected(user)
    middle = datetime.now(UTC) - timedelta(hours=1, seconds=-20)
    world.server.put(user, one_field(), middle)
    slowest = 0.0
    for _ in range(times):
        pause = partial(time.sleep, world.chance.uniform(0.05, 2))
        slowest = max(slowest, stopped(world, user, expected, tally, pause))
    tally.notes.append(f"slowest answer {slowest:.2f} s")
    return tally


def stopped(
    world: World, user: str, expected: Kept, tally: Tally, until: Callable[[], object]
) -> float:
    """Begin a check, press Stop at some moment, settle; return how long Stop took in seconds."""
    tally.times += 1
    with world.desk(user) as desk:
        job, ended = Job(), threading.Event()

        def check() -> None:
            desk.check(job)
            ended.set()

        thread = threading.Thread(target=check, daemon=True)
        thread.start()
        until()
        began = time.monotonic()
        job.cancel()
        tally.hung += not ended.wait(_STOP_LIMIT)
        took = time.monotonic() - began
        thread.join(LIMIT)
        world.proxy.heal()
        settle(tally, desk, expected)
    (world.folder / f"{user}.sqlite3").unlink()
    return took
