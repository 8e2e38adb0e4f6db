-- A reason the person gave for one bounce, to stand for all that carry the same words.

CREATE TABLE reason_rule (
    words   TEXT PRIMARY KEY,            -- the server's, without addresses and numbers
    reason  TEXT NOT NULL,               -- as the diagnosis names such bounces
    cause   TEXT NOT NULL,               -- what the person says they are
    made_at INTEGER NOT NULL,
    is_on   INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX bounce_by_reason ON bounce (reason, message_id);
