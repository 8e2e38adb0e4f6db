-- The first schema. Never edited once released; the next change is a file of its own.
-- Times are whole seconds since 1970, UTC.

CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    username      TEXT NOT NULL,
    imap_host     TEXT NOT NULL,
    imap_port     INTEGER NOT NULL,
    imap_security TEXT NOT NULL,
    smtp_host     TEXT NOT NULL,
    smtp_port     INTEGER NOT NULL,
    smtp_security TEXT NOT NULL,
    checked_at    INTEGER,                     -- when its inbox was last looked at
    looked_at     INTEGER NOT NULL DEFAULT 0,  -- messages looked at, all checks together
    problem       TEXT NOT NULL DEFAULT ''     -- why the last check stopped; '' when it did not
) STRICT;

-- How far a folder has been read (RFC 3501 UIDVALIDITY and UID, RFC 7162 MODSEQ).
CREATE TABLE folder_cursor (
    account_id     INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    folder         TEXT NOT NULL,
    uid_validity   INTEGER NOT NULL,
    last_uid       INTEGER NOT NULL,
    highest_modseq INTEGER NOT NULL,
    since_day      INTEGER NOT NULL DEFAULT 0,  -- read from this day on (date.toordinal())
    PRIMARY KEY (account_id, folder)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    digest       TEXT NOT NULL UNIQUE,         -- SHA-256 of its bytes, whatever the line ends
    account_id   INTEGER REFERENCES account (id) ON DELETE SET NULL,  -- NULL: added by hand
    folder       TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,             -- 0: added by hand
    file         TEXT NOT NULL,                -- where it was added from
    arrived      INTEGER NOT NULL,
    size         INTEGER NOT NULL,
    kept_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX message_place ON message (account_id, folder, uid_validity, uid);

-- Apart from message, so that lists never wade through mail.
CREATE TABLE raw_message (
    message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    zlib       BLOB NOT NULL
) STRICT;

-- What a person decided. Stands on digest and recipient, so it outlives every check and diagnosis.
CREATE TABLE decision (
    digest        TEXT NOT NULL,
    recipient     TEXT NOT NULL,
    state         TEXT,                        -- NULL: nothing decided
    snoozed_until INTEGER,
    cause         TEXT,                        -- NULL: the diagnosis stands
    cause_group   TEXT,
    title         TEXT,
    decided_at    INTEGER NOT NULL,
    PRIMARY KEY (digest, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE tick (
    digest    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    step      TEXT NOT NULL,
    ticked_at INTEGER NOT NULL,
    PRIMARY KEY (digest, recipient, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE bounce (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id    INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    account_id    INTEGER NOT NULL,            -- as in message; 0: added by hand
    recipient     TEXT NOT NULL,               -- lower case; '' when the notice names nobody
    address       TEXT NOT NULL,               -- as written
    name          TEXT NOT NULL,               -- of the person, else the address
    subject       TEXT NOT NULL,               -- of the mail that failed
    mailing       INTEGER,                     -- the same number for mails sent together
    arrived       INTEGER NOT NULL,
    reason        TEXT NOT NULL,
    bounce_type   TEXT NOT NULL,
    certainty     TEXT NOT NULL,
    found_cause   TEXT NOT NULL,               -- by the diagnosis
    found_group   TEXT NOT NULL,
    found_title   TEXT NOT NULL,
    cause         TEXT NOT NULL,               -- what stands: the person's choice, else as found
    cause_group   TEXT NOT NULL,
    title         TEXT NOT NULL,
    is_chosen     INTEGER NOT NULL DEFAULT 0,  -- a copy of decision, as state is
    state         TEXT NOT NULL DEFAULT 'needs you',
    snoozed_until INTEGER,
    is_unread     INTEGER NOT NULL DEFAULT 1,
    UNIQUE (message_id, recipient),
    CHECK (is_chosen OR (cause, cause_group, title) = (found_cause, found_group, found_title))
) STRICT;

-- One index per order of the list; the filters ride along so that no row has to be opened.
CREATE INDEX bounce_by_when ON bounce (state, arrived, id, cause_group, account_id);
CREATE INDEX bounce_by_name ON bounce (state, name COLLATE NOCASE, id, cause_group, account_id);
CREATE INDEX bounce_by_title ON bounce (state, title COLLATE NOCASE, id, cause_group, account_id);
CREATE INDEX bounce_by_subject ON bounce (state, subject COLLATE NOCASE, id, cause_group, account_id);
CREATE INDEX bounce_by_mailing ON bounce (state, cause_group, account_id, cause, mailing, arrived);
CREATE INDEX bounce_by_recipient ON bounce (recipient, arrived);
CREATE INDEX bounce_by_snooze ON bounce (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE VIRTUAL TABLE bounce_search USING fts5 (
    name, address, subject, title,
    content = 'bounce', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

CREATE TRIGGER bounce_added AFTER INSERT ON bounce BEGIN
    INSERT INTO bounce_search (rowid, name, address, subject, title)
    VALUES (new.id, new.name, new.address, new.subject, new.title);
    UPDATE bounce
    SET state = coalesce(decision.state, 'needs you'), snoozed_until = decision.snoozed_until,
        is_chosen = decision.cause IS NOT NULL, cause = coalesce(decision.cause, found_cause),
        cause_group = coalesce(decision.cause_group, found_group),
        title = coalesce(decision.title, found_title)
    FROM decision JOIN message ON message.digest = decision.digest
    WHERE bounce.id = new.id AND message.id = new.message_id
      AND decision.recipient = new.recipient;
END;

CREATE TRIGGER bounce_removed AFTER DELETE ON bounce BEGIN
    INSERT INTO bounce_search (bounce_search, rowid, name, address, subject, title)
    VALUES ('delete', old.id, old.name, old.address, old.subject, old.title);
END;

CREATE TRIGGER bounce_changed
AFTER UPDATE OF name, address, subject, title ON bounce
WHEN old.name <> new.name OR old.address <> new.address OR old.subject <> new.subject
    OR old.title <> new.title
BEGIN
    INSERT INTO bounce_search (bounce_search, rowid, name, address, subject, title)
    VALUES ('delete', old.id, old.name, old.address, old.subject, old.title);
    INSERT INTO bounce_search (rowid, name, address, subject, title)
    VALUES (new.id, new.name, new.address, new.subject, new.title);
END;

CREATE TRIGGER decision_made AFTER INSERT ON decision BEGIN
    UPDATE bounce
    SET state = coalesce(new.state, 'needs you'), snoozed_until = new.snoozed_until,
        is_chosen = new.cause IS NOT NULL, cause = coalesce(new.cause, found_cause),
        cause_group = coalesce(new.cause_group, found_group),
        title = coalesce(new.title, found_title)
    WHERE message_id = (SELECT id FROM message WHERE digest = new.digest)
      AND recipient = new.recipient;
END;

CREATE TRIGGER decision_changed AFTER UPDATE ON decision BEGIN
    UPDATE bounce
    SET state = coalesce(new.state, 'needs you'), snoozed_until = new.snoozed_until,
        is_chosen = new.cause IS NOT NULL, cause = coalesce(new.cause, found_cause),
        cause_group = coalesce(new.cause_group, found_group),
        title = coalesce(new.title, found_title)
    WHERE message_id = (SELECT id FROM message WHERE digest = new.digest)
      AND recipient = new.recipient;
END;

CREATE TRIGGER message_moved AFTER UPDATE OF account_id ON message BEGIN
    UPDATE bounce SET account_id = coalesce(new.account_id, 0) WHERE message_id = new.id;
END;

-- The settings, row by row; values are JSON.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
