"""Turns what the list is asked to show into SQL conditions."""

from dataclasses import dataclass

from bounce_assistant.store.rows import AccountId, BatchId, CaseQuery, CaseState

FOLD_FROM = 3  # bounces of one mailing with one cause; fewer stand alone

_ORDERS = {
    "when": "arrived",
    "name": "name COLLATE NOCASE",
    "title": "title COLLATE NOCASE",
    "subject": "subject COLLATE NOCASE",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE clause and its values."""

    sql: str
    values: tuple[str | int, ...]

    def joined(self, sql: str, *values: str | int) -> "Condition":
        """Return this condition with another one beside it."""
        return Condition(f"{self.sql} AND {sql}", self.values + values)


@dataclass(frozen=True, slots=True)
class Batch:
    """What the members of one folded row share."""

    state: CaseState
    group: str
    account: AccountId  # 0: added by hand
    cause: str
    mailing: int

    @property
    def id(self) -> BatchId:
        parts = (self.state, self.group, self.account, self.cause, self.mailing)
        return BatchId("|".join(str(part) for part in parts))

    def condition(self) -> Condition:
        """Return what finds the members; follows the index bounce_by_mailing."""
        return Condition(
            "state = ? AND cause_group = ? AND account_id = ? AND cause = ? AND mailing = ?",
            (self.state, self.group, self.account, self.cause, self.mailing),
        )


def read_batch(batch: BatchId) -> Batch:
    """Take a batch id apart again."""
    state, group, account, cause, mailing = batch.split("|")
    return Batch(CaseState(state), group, AccountId(int(account)), cause, int(mailing))


def where(query: CaseQuery) -> Condition:
    """Return the condition of a query: its view and filters, and its search if it has words."""
    found = Condition("TRUE", ())
    if query.state is not None:
        found = found.joined("state = ?", query.state)
    if query.group:
        found = found.joined("cause_group = ?", query.group)
    if query.account is not None:
        found = found.joined("account_id = ?", query.account)
    if query.beside is not None:
        found = found.joined(
            "(message_id = (SELECT message_id FROM bounce WHERE id = ?) OR (account_id, mailing)"
            " = (SELECT account_id, mailing FROM bounce WHERE id = ?))",
            query.beside,
            query.beside,
        )
    if words := search_words(query.search):
        found = found.joined(
            "id IN (SELECT rowid FROM bounce_search WHERE bounce_search MATCH ?)", words
        )
    return found


def order(query: CaseQuery) -> str:
    """Return the ORDER BY clause; an unknown order is the usual one, newest first."""
    direction = "DESC" if query.descending else "ASC"
    return f"{_ORDERS.get(query.order, _ORDERS['when'])} {direction}, id {direction}"


def search_words(search: str) -> str:
    """Return an FTS5 expression for typed words: each must begin a word. "" without any letter."""
    words = (word.replace('"', "").replace("\0", "") for word in search.split())
    return " ".join(f'"{word}"*' for word in words if any(map(str.isalnum, word)))
