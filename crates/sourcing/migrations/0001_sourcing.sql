-- Sourcing: the rules orders are sourced by, what is counted for them, and replays of past orders.
-- Partition key at scale: none for rules and replays, a hash of sku_id for counted sales.

-- Every version there was; the highest is in force. Rows are only ever added.
CREATE TABLE sourcing_rules (
    version BIGINT NOT NULL PRIMARY KEY CHECK (version > 0),
    rules_json TEXT NOT NULL,
    note TEXT,
    actor TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- When the figures below were counted last.
CREATE TABLE sourcing_count (
    name TEXT NOT NULL PRIMARY KEY,
    counted_at BIGINT NOT NULL
);

-- Pieces sold of a SKU at a place in the last weeks.
CREATE TABLE sourcing_sold (
    sku_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    pieces BIGINT NOT NULL CHECK (pieces >= 0),
    counted_at BIGINT NOT NULL,
    PRIMARY KEY (sku_id, place_id)
);
CREATE INDEX sourcing_sold_counted ON sourcing_sold (counted_at);

-- What places were asked to serve and what of it they rejected.
CREATE TABLE sourcing_place (
    place_id TEXT NOT NULL PRIMARY KEY,
    asked BIGINT NOT NULL CHECK (asked >= 0),
    rejected BIGINT NOT NULL CHECK (rejected >= 0 AND rejected <= asked)
);

-- Past orders sourced again, by the rules in force and by changed ones.
CREATE TABLE sourcing_replay (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
    base_version BIGINT NOT NULL CHECK (base_version >= 0),
    base_json TEXT NOT NULL,
    rules_json TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    note TEXT,
    actor TEXT NOT NULL,
    orders_total BIGINT NOT NULL CHECK (orders_total >= 0),
    orders_done BIGINT NOT NULL CHECK (orders_done >= 0 AND orders_done <= orders_total),
    result_json TEXT NOT NULL,
    -- The last order worked off.
    cursor_json TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT,
    CHECK (from_at < to_at),
    CHECK ((finished_at IS NULL) = (state = 'running'))
);
-- One at a time: a replay reads a lot.
CREATE UNIQUE INDEX sourcing_replay_running ON sourcing_replay (state) WHERE state = 'running';
CREATE INDEX sourcing_replay_created ON sourcing_replay (created_at, id);

-- The orders that would be served otherwise.
CREATE TABLE sourcing_replay_order (
    replay_id TEXT NOT NULL REFERENCES sourcing_replay (id),
    order_id TEXT NOT NULL,
    number TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('recorded', 'reconstructed')),
    before_json TEXT NOT NULL,
    after_json TEXT NOT NULL,
    -- What the change saves, by the rules in force; negative where it costs.
    saved_minor BIGINT NOT NULL,
    PRIMARY KEY (replay_id, order_id)
);
CREATE INDEX sourcing_replay_order_saved ON sourcing_replay_order (replay_id, saved_minor, order_id);
