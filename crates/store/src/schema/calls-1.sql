-- The calls of one day (UTC, by their beginning). An id is the microsecond of the day and 20 bits of the Call-ID, so that ids, and the
-- rows behind every index, stand in the order of time.
CREATE TABLE call (
    id INTEGER PRIMARY KEY NOT NULL,
    key INTEGER NOT NULL,
    caller INTEGER,
    callee INTEGER,
    source BLOB NOT NULL,
    destination BLOB NOT NULL,
    stack INTEGER,
    record TEXT NOT NULL
);
CREATE INDEX call_caller ON call (caller) WHERE caller IS NOT NULL;
CREATE INDEX call_callee ON call (callee) WHERE callee IS NOT NULL;
CREATE INDEX call_source ON call (source);
CREATE INDEX call_destination ON call (destination);
CREATE INDEX call_stack ON call (stack) WHERE stack IS NOT NULL;

-- Calls by the Call-ID of each of their legs.
CREATE TABLE leg (
    key INTEGER NOT NULL,
    call INTEGER NOT NULL,
    PRIMARY KEY (key, call)
) WITHOUT ROWID;

-- What each hour brought, by trunk (0), source address (1) and SIP stack (2).
CREATE TABLE hour (
    kind INTEGER NOT NULL,
    entity TEXT NOT NULL,
    hour INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, entity, hour)
) WITHOUT ROWID;
