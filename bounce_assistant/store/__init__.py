"""The database: raw mail kept, verdicts redone at will, what a person decided kept apart."""

from bounce_assistant.store.database import Store, open_store

__all__ = ["Store", "open_store"]
