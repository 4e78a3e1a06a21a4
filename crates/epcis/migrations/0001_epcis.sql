-- What readers and partners tell of single pieces, as EPCIS 2.0 tells it. Partition key at scale: a hash of the event.

-- Documents that were captured, and what came of them.
CREATE TABLE epcis_capture (
    id TEXT NOT NULL PRIMARY KEY,
    behaviour TEXT NOT NULL CHECK (behaviour IN ('rollback', 'proceed')),
    success BOOLEAN NOT NULL,
    events BIGINT NOT NULL CHECK (events >= 0),
    stored BIGINT NOT NULL CHECK (stored >= 0),
    duplicates BIGINT NOT NULL CHECK (duplicates >= 0),
    errors_json TEXT NOT NULL,
    actor TEXT NOT NULL,
    captured_at BIGINT NOT NULL,
    CHECK (stored + duplicates <= events)
);
CREATE INDEX epcis_capture_at ON epcis_capture (captured_at, id);

-- Rows are only ever added.
CREATE TABLE epcis_event (
    -- The event's own name where it has one, else its digest: told twice, it is still one.
    id TEXT NOT NULL PRIMARY KEY,
    capture_id TEXT NOT NULL REFERENCES epcis_capture (id),
    kind TEXT NOT NULL CHECK (kind IN ('ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'TransformationEvent',
        'AssociationEvent')),
    action TEXT CHECK (action IN ('ADD', 'OBSERVE', 'DELETE')),
    happened_at BIGINT NOT NULL,
    biz_step TEXT,
    -- Where, in the words of the event; and which of our places that is.
    location TEXT,
    place_id TEXT,
    tags BIGINT NOT NULL CHECK (tags >= 0),
    event_json TEXT NOT NULL,
    captured_at BIGINT NOT NULL,
    CHECK ((action IS NULL) = (kind = 'TransformationEvent'))
);
CREATE INDEX epcis_event_at ON epcis_event (happened_at, id);
CREATE INDEX epcis_event_place ON epcis_event (place_id, happened_at, id) WHERE place_id IS NOT NULL;

-- The pieces an event names, in one form whatever form they were told in.
CREATE TABLE epcis_event_tag (
    tag TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES epcis_event (id),
    PRIMARY KEY (tag, event_id)
);
CREATE INDEX epcis_event_tag_event ON epcis_event_tag (event_id);
