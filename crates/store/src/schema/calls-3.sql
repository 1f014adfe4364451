-- Whoever writes SIP chooses Call-IDs, and a later call may have one again: a call is counted by its Call-ID and its beginning.
ALTER TABLE counted RENAME TO counted_by_key;
CREATE TABLE counted (
    key INTEGER NOT NULL,
    at INTEGER NOT NULL,
    alert INTEGER NOT NULL,
    PRIMARY KEY (key, at)
) WITHOUT ROWID;
INSERT INTO counted SELECT key, at, alert FROM counted_by_key;
DROP TABLE counted_by_key;
CREATE INDEX counted_alert ON counted (alert, at, key);
