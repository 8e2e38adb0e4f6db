-- "Send it now" can be taken back for ten seconds: what such a message was before, and when it was due.

ALTER TABLE outgoing ADD COLUMN held_state TEXT NOT NULL DEFAULT ''
    CHECK (held_state IN ('', 'scheduled', 'refused', 'unknown'));
ALTER TABLE outgoing ADD COLUMN held_due INTEGER;
