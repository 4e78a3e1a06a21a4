-- What a place with a limit has taken on of a day. Partition key at scale: none, a row a place and day.
CREATE TABLE places_day (
    place_id TEXT NOT NULL,
    -- When the day began where the place is.
    day_at BIGINT NOT NULL,
    -- The limit it last took an order under.
    capacity BIGINT NOT NULL,
    -- Orders it had before anybody counted room: the limit came in the middle of the day.
    earlier BIGINT NOT NULL CHECK (earlier >= 0),
    -- Orders that have room, those whose time has run out and that nobody has put away yet included.
    taken BIGINT NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (day_at, place_id),
    CONSTRAINT places_day_not_over CHECK (earlier + taken <= capacity)
);

-- The room of one order at one place. What is given back or has run out is taken away.
CREATE TABLE places_room (
    owner TEXT NOT NULL PRIMARY KEY CHECK (owner <> ''),
    place_id TEXT NOT NULL,
    day_at BIGINT NOT NULL,
    -- When it counts no more; empty once it is kept for good.
    expires_at BIGINT,
    kept_at BIGINT,
    FOREIGN KEY (day_at, place_id) REFERENCES places_day (day_at, place_id),
    CHECK ((expires_at IS NULL) = (kept_at IS NOT NULL))
);
CREATE INDEX places_room_due ON places_room (day_at, place_id, expires_at);
