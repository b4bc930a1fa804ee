-- What this installation knows about itself, such as the fingerprint of its key.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
