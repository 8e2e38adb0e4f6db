-- What a notice is known by where only part of it was fetched: its Message-ID, date and recipients.

ALTER TABLE message ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';  -- '': nothing to know it by
CREATE INDEX message_fingerprint ON message (fingerprint) WHERE fingerprint <> '';
