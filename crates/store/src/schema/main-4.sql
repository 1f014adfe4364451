-- What the kernel of a probe said of the clock that stamps its frames.
CREATE TABLE clock (
    at INTEGER PRIMARY KEY NOT NULL,
    synchronised INTEGER NOT NULL,
    offset_us INTEGER NOT NULL,
    error_us INTEGER NOT NULL,
    error_max_us INTEGER NOT NULL,
    stepped_us INTEGER NOT NULL
);
