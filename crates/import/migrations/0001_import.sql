-- Imports: what ran, what it brought, and what belongs to no other domain. Partition key at scale: source.

-- One run of a mapping over certain files. The fingerprint is over the mapping's text and the files' bytes:
-- an interrupted run is found by it and goes on. A run that was cut off and then given up for another one of
-- the same source is superseded: what it brought is the other's.
CREATE TABLE import_run (
    id           TEXT   NOT NULL PRIMARY KEY,
    source       TEXT   NOT NULL CHECK (source <> ''),
    mapping      TEXT   NOT NULL,
    fingerprint  TEXT   NOT NULL UNIQUE,
    state        TEXT   NOT NULL CHECK (state IN ('running', 'done', 'superseded')),
    summary_json TEXT,
    started_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

-- How far a run is in each stage, written in the unit of work that did it.
CREATE TABLE import_checkpoint (
    run_id TEXT   NOT NULL REFERENCES import_run (id),
    stage  TEXT   NOT NULL,
    done   BIGINT NOT NULL CHECK (done >= 0),
    PRIMARY KEY (run_id, stage)
);

-- Which record of ours a record of a source became. A key that is here is never brought in again.
CREATE TABLE import_ref (
    source TEXT NOT NULL,
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    target TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (source, kind, key)
);

-- Money and pieces that belong to no order: fees, bad debt, returns of sales before the file began, and what
-- rounding to minor units took away. Never changed, never deleted.
CREATE TABLE import_entry (
    source        TEXT   NOT NULL,
    key           TEXT   NOT NULL,
    class         TEXT   NOT NULL,
    sku_code      TEXT   NOT NULL,
    quantity      BIGINT NOT NULL,
    currency      TEXT   NOT NULL,
    amount_minor  BIGINT NOT NULL,
    -- A decimal number of whole currency units, such as 0.001.
    rounding      TEXT   NOT NULL,
    note          TEXT   NOT NULL,
    occurred_at   BIGINT NOT NULL,
    run_id        TEXT   NOT NULL,
    PRIMARY KEY (source, key)
);
