-- Expected supply: what a supplier has promised to bring to a place, and by when. Partition key at scale: place_id.
CREATE TABLE stock_supply (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('purchase_order', 'shipping_notice')),
    -- The number on the document itself.
    reference TEXT NOT NULL CHECK (reference <> ''),
    place_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('expected', 'received', 'cancelled')),
    due_at BIGINT NOT NULL,
    first_due_at BIGINT NOT NULL,
    slips BIGINT NOT NULL CHECK (slips >= 0),
    note TEXT,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
-- One document is expected once at a place, however often it is sent.
CREATE UNIQUE INDEX stock_supply_reference ON stock_supply (place_id, reference) WHERE state = 'expected';
CREATE INDEX stock_supply_due ON stock_supply (state, due_at, id);

CREATE TABLE stock_supply_line (
    supply_id TEXT NOT NULL REFERENCES stock_supply (id),
    sku_id TEXT NOT NULL,
    expected BIGINT NOT NULL CHECK (expected >= 0),
    -- More may arrive than was expected: what is there is there.
    arrived BIGINT NOT NULL CHECK (arrived >= 0),
    PRIMARY KEY (supply_id, sku_id)
);
CREATE INDEX stock_supply_line_open ON stock_supply_line (sku_id, supply_id) WHERE expected > arrived;

-- What was done to it, by whom. Rows are only ever added.
CREATE TABLE stock_supply_step (
    supply_id TEXT NOT NULL REFERENCES stock_supply (id),
    nth BIGINT NOT NULL CHECK (nth > 0),
    kind TEXT NOT NULL CHECK (kind IN ('entered', 'slipped', 'changed', 'received', 'cancelled')),
    actor TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    note TEXT,
    due_before_at BIGINT,
    due_at BIGINT NOT NULL,
    lines_json TEXT NOT NULL,
    PRIMARY KEY (supply_id, nth)
);

-- When goods on the road arrive, as far as anybody knows; those that have left already are given two days.
ALTER TABLE stock_transfer ADD COLUMN due_at BIGINT;
UPDATE stock_transfer SET due_at = updated_at + 172800000000 WHERE state = 'shipped';
CREATE INDEX stock_transfer_line_sku ON stock_transfer_line (sku_id, transfer_id);
