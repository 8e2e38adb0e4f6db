-- Mail that came back, whose own header doesn't say that it was sent by the user: Sent may know it.
-- One row for each notice and Message-ID; in what became of a look-up it is the same for all notices.

CREATE TABLE returned_id (
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,  -- the notice
    sent_id    TEXT NOT NULL,                 -- of the mail that came back, with its angle brackets
    state      TEXT NOT NULL DEFAULT 'open',
    folder     TEXT NOT NULL DEFAULT '',      -- where a copy of it was found
    tries      INTEGER NOT NULL DEFAULT 0,    -- that could not be made
    PRIMARY KEY (message_id, sent_id),
    CHECK (state IN ('open', 'found', 'absent', 'given up'))
) STRICT, WITHOUT ROWID;
CREATE INDEX returned_id_by_id ON returned_id (sent_id, state);
CREATE INDEX returned_id_open ON returned_id (message_id) WHERE state = 'open';
