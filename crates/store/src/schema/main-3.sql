-- Cases: what people make of alerts ("case" is a word of SQL's own). Each step stands in the audit log, too.
CREATE TABLE matter (
    id INTEGER PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT,
    opened INTEGER NOT NULL,
    changed INTEGER NOT NULL
);
CREATE INDEX matter_changed ON matter (changed);

-- An alert belongs to one case at most.
CREATE TABLE matter_alert (
    alert TEXT PRIMARY KEY NOT NULL,
    matter INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX matter_alert_matter ON matter_alert (matter);

CREATE TABLE step (
    matter INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (matter, seq)
) WITHOUT ROWID;

-- What is open, the most severe first; with the kind, so that they are counted without a look at the records.
CREATE INDEX alert_open ON alert (severity, score_db, id, kind) WHERE status <> 'close';
