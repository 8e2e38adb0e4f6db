-- Mail that goes out again. A row is one message to one person, about one case.
-- Like a decision it stands on digest and recipient, so it outlives every new diagnosis.

CREATE TABLE outgoing (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest     TEXT NOT NULL,              -- of the notice that it answers
    bounced    TEXT NOT NULL,              -- the recipient that the notice names, lower case
    account_id INTEGER REFERENCES account (id) ON DELETE SET NULL,
    sender     TEXT NOT NULL,              -- the account's address
    recipient  TEXT NOT NULL,              -- who it goes to
    name       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,       -- with its angle brackets; the same at every try
    size       INTEGER NOT NULL,
    source     TEXT NOT NULL,              -- where the text came from
    batch      TEXT NOT NULL,              -- the same for what was sent together
    state      TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0, -- that were put off
    began_at   INTEGER,                    -- committed before its first byte left
    settled_at INTEGER,
    said       TEXT NOT NULL DEFAULT '',   -- the server's own words
    problem    TEXT NOT NULL DEFAULT '',
    looked_at  INTEGER,                    -- when Sent was last searched for it
    copy       TEXT NOT NULL DEFAULT '',   -- into Sent: '', 'to do' or 'done'
    watch      TEXT NOT NULL DEFAULT '',
    bounced_by TEXT NOT NULL DEFAULT '',   -- digest of the notice about this very message
    CHECK (state IN ('waiting for undo', 'scheduled', 'sending', 'sent', 'refused', 'unknown',
                     'cancelled'))
) STRICT;
CREATE INDEX outgoing_by_case ON outgoing (digest, bounced);
CREATE INDEX outgoing_by_state ON outgoing (state, due_at);
CREATE INDEX outgoing_by_notice ON outgoing (bounced_by) WHERE bounced_by <> '';
CREATE INDEX outgoing_by_sender ON outgoing (account_id, began_at) WHERE began_at IS NOT NULL;
-- While one is on its way, or may have arrived, no second one to the same person is taken in.
CREATE UNIQUE INDEX outgoing_once ON outgoing (digest, bounced)
WHERE state IN ('waiting for undo', 'scheduled', 'sending', 'unknown');

CREATE TABLE outgoing_raw (
    outgoing_id INTEGER PRIMARY KEY REFERENCES outgoing (id) ON DELETE CASCADE,
    zlib        BLOB NOT NULL              -- without Date, which is that of began_at
) STRICT;
