"""The user's settings: one frozen value, kept row by row."""

import json
from dataclasses import dataclass, fields, replace
from typing import Any

from bounce_assistant.store.connection import Connections


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the user can set, with what stands until they do."""

    theme: str = "system"  # "system", "light" or "dark"
    my_name: str = ""  # signs the texts we draft
    my_addresses: tuple[str, ...] = ()  # the user's own, besides those of the accounts
    watch: str = "ask"  # for new bounces while the window is open: "on", "off"; "ask" is off
    when_closed: str = "ask"  # while it watches: "tray" or "quit"; "ask" asks once
    diagnosed_by: str = ""  # version of the program that last diagnosed all kept mail
    hidden_causes: tuple[str, ...] = ()  # their bounces go straight to Done
    app_ids: tuple[str, ...] = ()  # "google=...": an organisation's own, for signing in by browser


class StoredSettings:
    """Load and save the settings."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def load(self) -> Settings:
        """Return the settings; a value that is missing or not understood is the usual one."""
        usual = Settings()
        with self._connections.read() as db:
            kept = dict(db.execute("SELECT name, value FROM setting").fetchall())
        known = {
            field.name: _understood(kept[field.name], getattr(usual, field.name))
            for field in fields(usual)
            if field.name in kept
        }
        return replace(usual, **known)

    def save(self, settings: Settings) -> None:
        """Keep the settings; rows of settings that a newer program knows are left alone."""
        rows = [
            (field.name, json.dumps(getattr(settings, field.name))) for field in fields(settings)
        ]
        with self._connections.write() as db:
            db.executemany(
                "INSERT INTO setting VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                rows,
            )


def _understood(text: str, usual: object) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return usual
    if isinstance(usual, tuple) and isinstance(value, list):
        value = tuple(str(part) for part in value)
    return value if type(value) is type(usual) else usual
