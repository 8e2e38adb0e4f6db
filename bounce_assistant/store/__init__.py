"""The database: raw mail kept, verdicts redone at will, what a person decided kept apart."""
