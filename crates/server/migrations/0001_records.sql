-- Everything that the content files say, one row a record and one a language.
--
-- The texts are JSON documents in the shape of the wire: nothing queries
-- inside them, and a new field needs no migration. What is queried or sorted
-- by has a column. A record that leaves the files is withdrawn and stays, so
-- that whatever refers to it still finds it.
CREATE TABLE records (
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- The order in which the files list records of a kind, from 0.
    position BIGINT NOT NULL,
    -- UTC, RFC 3339 with a Z, so that text order is time order; null for what
    -- has no time.
    starts_at TEXT,
    ends_at TEXT,
    withdrawn BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    facts TEXT NOT NULL,
    PRIMARY KEY (kind, slug)
);

CREATE TABLE record_texts (
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'cy')),
    body TEXT NOT NULL,
    PRIMARY KEY (kind, slug, locale),
    FOREIGN KEY (kind, slug) REFERENCES records (kind, slug)
);

-- "What starts next" and "what is on now".
CREATE INDEX records_by_time ON records (kind, starts_at);

-- One row: counts the loads that changed anything, which is what rendered
-- pages are cached under.
CREATE TABLE content_state (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);

INSERT INTO content_state (id, version) VALUES (1, 0);
