"""A small sample of the campaigns in tests/campaigns, which are run by hand."""

import os
import shutil

import pytest

from tests.campaigns.fidelity import Fidelity, compare, compare_one
from tests.campaigns.letters import letters
from tests.campaigns.outbox_kills import MOMENTS, campaign


@pytest.mark.real
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a signal of POSIX")
@pytest.mark.skipif(shutil.which("dovecot") is None, reason="Debian calls it dovecot-imapd.")
def test_killed_in_every_state_nothing_is_sent_twice_or_lost() -> None:
    tally = campaign(len(MOMENTS), seed=821)
    assert set(tally.kills) >= {"mail", "data", "taken"}
    assert tally.twice == []
    assert tally.lost == []


@pytest.mark.real
@pytest.mark.skipif(shutil.which("dovecot") is None, reason="Debian calls it dovecot-imapd.")
@pytest.mark.parametrize("from_sent", [False, True])
def test_what_postfix_bounced_goes_out_again_part_by_part_the_same(*, from_sent: bool) -> None:
    told = compare(letters(100)[::12], from_sent=from_sent)
    assert told.parts >= 12
    assert told.refused == []
    assert told.changed == []
    assert told.headers == []


def test_the_comparison_sees_one_changed_letter() -> None:
    told = Fidelity()
    name, old = letters(100)[40]
    new = old.replace(b"Message-ID: <old", b"Message-ID: <new").replace(
        b"Date: Mon, 2", b"Date: Mon, 3"
    )
    compare_one(name, old, new[:-30] + b"x" + new[-29:], told)
    assert len(told.changed) == 1
    assert any("dkim-signature is still there" in line for line in told.headers)
