-- Phone numbers that the user typed beside an address, to text or call.

CREATE TABLE phone (
    recipient TEXT PRIMARY KEY,            -- lower case, as in bounce
    number    TEXT NOT NULL,               -- as typed
    kept_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
