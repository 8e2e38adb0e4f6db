"""The settings come back as they were saved, and survive what they do not understand."""

from dataclasses import replace

from bounce_assistant.store import Store
from bounce_assistant.store.settings import Settings


def test_settings_start_as_usual(store: Store) -> None:
    assert store.settings.load() == Settings()


def test_settings_come_back_as_saved(store: Store) -> None:
    mine = replace(
        Settings(), theme="dark", my_name="Dana", my_addresses=("dana@example.com", "d@example.net")
    )
    store.settings.save(mine)
    assert store.settings.load() == mine


def test_a_setting_that_is_not_understood_is_the_usual_one(store: Store) -> None:
    store.settings.save(replace(Settings(), my_name="Dana"))
    with store._connections.write() as db:
        db.execute("UPDATE setting SET value = '90' WHERE name = 'my_addresses'")
        db.execute("UPDATE setting SET value = '{' WHERE name = 'theme'")
        db.execute("INSERT INTO setting VALUES ('from_the_future', '1')")
    assert store.settings.load() == replace(Settings(), my_name="Dana")
    store.settings.save(Settings())
    with store._connections.read() as db:
        assert db.execute("SELECT 1 FROM setting WHERE name = 'from_the_future'").fetchone()
