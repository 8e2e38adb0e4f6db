-- An account that is to be removed, its bounces kept, once what waits to be sent has left.

ALTER TABLE account ADD COLUMN is_leaving INTEGER NOT NULL DEFAULT 0;
