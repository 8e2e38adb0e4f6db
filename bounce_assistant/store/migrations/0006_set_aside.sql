-- Mail over which the server breaks the connection: later checks pass it over.

CREATE TABLE set_aside (
    account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    folder       TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    size         INTEGER NOT NULL,          -- bytes; 0: the server doesn't even say that
    set_at       INTEGER NOT NULL,
    PRIMARY KEY (account_id, folder, uid_validity, uid)
) STRICT, WITHOUT ROWID;
