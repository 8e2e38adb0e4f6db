-- Whose mail was set aside, and about what, so that a person can find it in another program.

ALTER TABLE set_aside ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE set_aside ADD COLUMN subject TEXT NOT NULL DEFAULT '';
