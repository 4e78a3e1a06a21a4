-- What happened, in order. `entry` is taken before the commit, so it may become visible late; `position` is
-- given afterwards, densely, to what is visible, and never has a gap a reader could step over.
CREATE TABLE bus_outbox (
    entry BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position BIGINT UNIQUE,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    place_id TEXT,
    occurred_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    request_id TEXT NOT NULL,
    data_json TEXT NOT NULL
);

CREATE INDEX bus_outbox_unplaced ON bus_outbox (entry) WHERE position IS NULL;
