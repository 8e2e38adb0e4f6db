-- Gmail's own number of a message (X-GM-MSGID): it stays when the message moves to another folder.

ALTER TABLE message ADD COLUMN gmail_id TEXT NOT NULL DEFAULT '';  -- '': another server, or a file
CREATE INDEX message_gmail_id ON message (account_id, gmail_id) WHERE gmail_id <> '';
