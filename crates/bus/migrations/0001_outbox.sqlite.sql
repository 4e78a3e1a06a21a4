-- What happened, in order. One writer commits one group after the other, so the row number is the position.
CREATE TABLE bus_outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    place_id TEXT,
    occurred_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    request_id TEXT NOT NULL,
    data_json TEXT NOT NULL
) STRICT;
