-- Stock: balances, the ledger they are the sum of, and holds. Partition key at scale: a hash of sku_id.
CREATE TABLE stock_balance (
    sku_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    on_hand BIGINT NOT NULL,
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    quarantined BIGINT NOT NULL CHECK (quarantined >= 0),
    in_transit BIGINT NOT NULL CHECK (in_transit >= 0),
    safety_stock BIGINT NOT NULL CHECK (safety_stock >= 0),
    -- What is promised or set aside but known to be missing. Only an explicit override raises it, so that a
    -- mistake in code cannot promise what is not there.
    shortfall BIGINT NOT NULL CHECK (shortfall >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (sku_id, place_id),
    CHECK (reserved + quarantined - on_hand <= shortfall),
    CHECK (shortfall = 0 OR shortfall = reserved + quarantined - on_hand)
);
CREATE INDEX stock_balance_place ON stock_balance (place_id, sku_id);

-- The ledger. Rows are only ever added.
CREATE TABLE stock_movement (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'sale', 'return', 'transfer_out', 'in_transit', 'transfer_in',
        'count', 'damage', 'adjustment', 'quarantine', 'release')),
    sku_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    on_hand_delta BIGINT NOT NULL,
    quarantined_delta BIGINT NOT NULL,
    in_transit_delta BIGINT NOT NULL,
    reason TEXT,
    source TEXT,
    note TEXT,
    actor TEXT NOT NULL,
    -- When it happened, and when we were told: a till that was offline tells late.
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    FOREIGN KEY (sku_id, place_id) REFERENCES stock_balance (sku_id, place_id)
);
CREATE INDEX stock_movement_balance ON stock_movement (sku_id, place_id, id);
CREATE INDEX stock_movement_place ON stock_movement (place_id, id);
CREATE INDEX stock_movement_source ON stock_movement (source, id) WHERE source IS NOT NULL;

CREATE TABLE stock_hold (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL CHECK (owner <> ''),
    state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'committed', 'released', 'expired')),
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((ended_at IS NULL) = (state IN ('held', 'confirmed'))),
    CHECK (state <> 'confirmed' OR expires_at IS NULL)
);
-- One owner holds once at a time: asking again is the same question.
CREATE UNIQUE INDEX stock_hold_owner ON stock_hold (owner) WHERE ended_at IS NULL;
CREATE INDEX stock_hold_due ON stock_hold (expires_at, id) WHERE state = 'held' AND expires_at IS NOT NULL;

CREATE TABLE stock_hold_line (
    hold_id TEXT NOT NULL REFERENCES stock_hold (id),
    sku_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    -- Still reserved; gone out of the door; given back; taken back because the hold ran out.
    outstanding BIGINT NOT NULL CHECK (outstanding >= 0),
    committed BIGINT NOT NULL CHECK (committed >= 0),
    released BIGINT NOT NULL CHECK (released >= 0),
    lapsed BIGINT NOT NULL CHECK (lapsed >= 0),
    -- The hold's own, so that what has run out is found per balance without a scan and without a sweeper.
    expires_at BIGINT,
    PRIMARY KEY (hold_id, sku_id, place_id),
    CHECK (outstanding = 0 OR lapsed = 0)
);
CREATE INDEX stock_hold_line_balance ON stock_hold_line (sku_id, place_id, expires_at) WHERE outstanding > 0;
