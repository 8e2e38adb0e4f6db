-- Who runs an account, how its owner signs in, and what may be read of it.

ALTER TABLE account ADD COLUMN provider TEXT NOT NULL DEFAULT '';  -- id in resources/providers
ALTER TABLE account ADD COLUMN sign_in TEXT NOT NULL DEFAULT 'password';  -- or 'browser': OAuth
ALTER TABLE account ADD COLUMN reads TEXT NOT NULL DEFAULT 'inbox spam';
ALTER TABLE account ADD COLUMN since_days INTEGER NOT NULL DEFAULT 30;  -- of a first check
ALTER TABLE account ADD COLUMN problem_kind TEXT NOT NULL DEFAULT '';  -- what can be done about it
