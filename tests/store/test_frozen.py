"""The database of every release that ever was opens, with all that was in it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bounce_assistant.store import open_store
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseState
from tests.store.freeze import FROZEN
from tests.store.keep import MONDAY, keep, opened, raw

RELEASES = sorted(FROZEN.glob("*.sqlite3"))


@pytest.fixture(params=RELEASES, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path: Path = request.param
    return Path(shutil.copy(path, tmp_path / "bounces.sqlite3"))


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")
        return found.fetchall()


def test_there_is_a_database_of_a_release() -> None:
    assert RELEASES


def test_an_old_database_opens_with_all_that_was_in_it(old: Path) -> None:
    with open_store(old) as store:
        (mine,) = store.accounts.list()
        assert mine.email == "agent@example.com"
        assert store.cursors.get(mine.id, "INBOX") == FolderCursor(mine.id, "INBOX", 7, 3, 900)
        assert store.accounts.last_check(mine.id).looked_at == 1204
        assert store.settings.load().theme == "dark"
        messages = [store.messages.get(message) for message in store.messages.ids()]
        assert [message.raw for message in messages if message] == [raw(n) for n in range(1, 7)]
        counts = store.cases.counts()
        assert (counts.needs_you, counts.waiting, counts.done) == (2, 1, 1)


def test_what_was_decided_long_ago_still_stands(old: Path) -> None:
    with open_store(old) as store:
        (done,) = store.cases.keys(CaseQuery(state=CaseState.DONE))
        assert store.cases.rows([done])[done].name == "Ana Ruiz"
        (found,) = store.cases.keys(CaseQuery(search="inbox full"))
        assert store.decisions.ticks(found.case) == {"call": MONDAY}
        decision = store.decisions.of(found.case)
        assert decision is not None
        assert decision.choice


def test_an_old_database_has_the_schema_of_a_fresh_one(old: Path, tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    open_store(old).close()
    opened(tmp_path / "fresh").close()
    assert schema(old) == schema(tmp_path / "fresh" / "bounces.sqlite3")


def test_an_old_database_takes_new_mail(old: Path) -> None:
    with open_store(old) as store:
        assert not keep(store, 4).is_new
        assert keep(store, 7).cases == (CaseId(7),)
