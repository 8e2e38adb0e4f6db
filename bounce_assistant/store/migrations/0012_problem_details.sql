-- What an IT person wants to hear of a problem, behind a Details button.

ALTER TABLE account ADD COLUMN problem_details TEXT NOT NULL DEFAULT '';
