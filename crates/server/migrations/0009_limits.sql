-- How often what is limited was used, counted by all servers on this database together.
CREATE TABLE limits (
    -- A digest of what is limited and for whom, with a key that the database does not
    -- have: no address stands here.
    key TEXT PRIMARY KEY,
    used BIGINT NOT NULL CHECK (used > 0),
    -- In seconds since 1970, and less than a day after the first use. Rows whose time is
    -- over are removed every minute.
    ends_at BIGINT NOT NULL
);

CREATE INDEX limits_by_end ON limits (ends_at);
