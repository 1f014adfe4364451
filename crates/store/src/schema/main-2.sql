-- Bundles of evidence in the order they were made, and by what each run judged.
CREATE TABLE bundle (
    number INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    alert TEXT NOT NULL,
    manifest BLOB NOT NULL,
    redacted INTEGER NOT NULL
);

CREATE TABLE run (
    begun INTEGER PRIMARY KEY NOT NULL,
    program TEXT NOT NULL,
    version TEXT NOT NULL,
    config TEXT NOT NULL,
    sources TEXT NOT NULL,
    clock TEXT NOT NULL
);
CREATE INDEX run_version ON run (version);
