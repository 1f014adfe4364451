-- Alerts by their last word, every word of each, and the audit log.
CREATE TABLE alert (
    id TEXT PRIMARY KEY NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity INTEGER NOT NULL,
    score_db REAL NOT NULL,
    entity_kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    title TEXT NOT NULL,
    opened INTEGER NOT NULL,
    said INTEGER NOT NULL,
    first_call INTEGER NOT NULL,
    last_call INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX alert_said ON alert (said);
CREATE INDEX alert_opened ON alert (opened);

CREATE TABLE word (
    alert TEXT NOT NULL,
    said INTEGER NOT NULL,
    status TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (alert, said, status)
);

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
);
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN
    SELECT RAISE (ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
    SELECT RAISE (ABORT, 'the audit log is append-only');
END;
