-- Calls that alerts count, by the Call-ID of the first leg: when each began (the microsecond of the day, as in ids), and the alert that counts it.
CREATE TABLE counted (
    key INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    alert INTEGER NOT NULL
);
CREATE INDEX counted_alert ON counted (alert, at, key);
