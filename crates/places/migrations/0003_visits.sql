-- People counted at the doors of places, told absolutely by each counter for an interval. Partition key at scale:
-- from_at, by month.
CREATE TABLE places_visit (
    place_id TEXT NOT NULL REFERENCES places_place (id),
    -- The counter's own name: a place may have several doors.
    counter TEXT NOT NULL CHECK (counter <> ''),
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    entered BIGINT NOT NULL CHECK (entered >= 0),
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (place_id, counter, from_at),
    CHECK (to_at > from_at)
);
CREATE INDEX places_visit_by_time ON places_visit (from_at, place_id);
