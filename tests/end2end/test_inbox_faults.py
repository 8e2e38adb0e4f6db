"""A sample of tests/campaigns/inbox_faults.py: each fault once, nothing lost, doubled or hung."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.campaigns import inbox_faults as faults
from tests.campaigns import inbox_stops, odd_mail
from tests.campaigns.inbox_world import Tally, World
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.fault_proxy import fault_proxy

pytestmark = pytest.mark.real


@pytest.fixture
def world(dovecot: Dovecot, tmp_path: Path) -> Iterator[World]:
    with fault_proxy(dovecot.tls_port) as proxy:
        yield World(dovecot, proxy, tmp_path, random.Random(5))  # noqa: S311 - the same faults


@pytest.mark.parametrize(
    "fault",
    [
        lambda world: faults.on_the_line(world, "cut", 2),
        lambda world: faults.on_the_line(world, "throttle", 1),
        lambda world: inbox_stops.stop_in_a_stall(world, 1),
        lambda world: inbox_stops.stop_in_a_search(world, 2),
        lambda world: faults.while_reading(world, "renumbered", 1, faults.renumber),
        lambda world: faults.while_reading(world, "deleted", 1, faults.delete_junk),
        lambda world: faults.while_reading(world, "expunged", 1, faults.expunge_some),
        lambda world: faults.while_reading(world, "bye", 1, faults.say_bye),
    ],
    ids=[
        "cut",
        "throttled",
        "stopped",
        "stopped while narrowing",
        "renumbered",
        "deleted",
        "expunged",
        "bye",
    ],
)
def test_a_fault_costs_nothing_but_time(world: World, fault: Callable[[World], Tally]) -> None:
    tally = fault(world)
    assert tally.times
    assert (tally.lost, tally.doubled, tally.hung) == (0, 0, 0), tally


def test_a_server_that_miscounts_is_left(world: World, authority: Authority) -> None:
    tally = faults.wrong_literals(world, 4, authority)
    assert (tally.lost, tally.doubled, tally.hung) == (0, 0, 0), tally
    assert all(tally.notes)


def test_a_mail_that_fells_the_server_hides_none_behind_it(world: World) -> None:
    tally = odd_mail.odd_mail(world, 1, "50 MB", odd_mail.one_field())
    assert (tally.lost, tally.hung) == (0, 0), tally
    unread, later, read = tally.notes
    assert unread.startswith("One mail could not be read: localhost hangs up")
    assert "48 MB" in unread
    assert later == ""
    assert float(read.split()[0]) < 1


def test_nor_where_the_server_falls_over_it_in_a_search(world: World) -> None:
    with odd_mail.searching_always():
        tally = odd_mail.odd_mail(world, 1, "50 MB", odd_mail.one_field())
    assert (tally.lost, tally.hung) == (0, 0), tally
    assert not any("cut" in note for note in tally.notes)
