-- Which mails are sent first, mails that were given up, and branches' names.

-- 0 for what somebody waits for: codes, links and confirmations. 1 for the rest, 2 for
-- what goes to many.
ALTER TABLE mails ADD COLUMN priority BIGINT NOT NULL DEFAULT 1;
-- Null unless it was given up.
ALTER TABLE mails ADD COLUMN given_up_at BIGINT;
-- The text of one that was given up, to be sent again: encrypted with a key that the
-- database does not have.
ALTER TABLE mails ADD COLUMN sealed TEXT;
-- As it was registered, for its officer's mails.
ALTER TABLE branches ADD COLUMN name TEXT NOT NULL DEFAULT '';

DROP INDEX mails_due;
CREATE INDEX mails_due ON mails (priority, next_try_at, id) WHERE next_try_at IS NOT NULL;
CREATE INDEX mails_given_up ON mails (given_up_at) WHERE given_up_at IS NOT NULL;

UPDATE mails SET priority = 0 WHERE next_try_at IS NOT NULL
    AND kind IN ('code', 'link', 'quoted', 'placed', 'awaiting-approval', 'awaiting-payment', 'confirmed');
UPDATE mails SET given_up_at = made_at WHERE next_try_at IS NULL AND sent_at IS NULL;
UPDATE branches SET name = branch;
