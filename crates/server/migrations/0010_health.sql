-- What readiness writes to, to see whether the database can be written to.
CREATE TABLE health (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    -- How often that was tried: SQLite writes nothing where nothing changes.
    checks BIGINT NOT NULL
);

INSERT INTO health (id, checks) VALUES (1, 0);
