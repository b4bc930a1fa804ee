-- The key of an officer's email address, which orders store too: SQL cannot compute it, because
-- it ignores the script that a domain is written in. It is filled when the database is opened.
ALTER TABLE branches ADD COLUMN officer_key TEXT NOT NULL DEFAULT '';
