-- Transfers: goods on their way between two places, from the wish to the last piece accounted for.
CREATE TABLE stock_transfer (
    id TEXT NOT NULL PRIMARY KEY,
    from_place_id TEXT NOT NULL,
    to_place_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'picked', 'shipped', 'short', 'received',
        'returning', 'return_short', 'returned', 'written_off', 'cancelled')),
    -- What is kept for it at the sending place, from the approval until it leaves.
    hold_id TEXT REFERENCES stock_hold (id),
    note TEXT,
    requested_by TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (from_place_id <> to_place_id),
    CHECK ((hold_id IS NULL) = (state = 'requested') OR state = 'cancelled')
);
CREATE INDEX stock_transfer_from ON stock_transfer (from_place_id, state, id);
CREATE INDEX stock_transfer_to ON stock_transfer (to_place_id, state, id);

CREATE TABLE stock_transfer_line (
    transfer_id TEXT NOT NULL REFERENCES stock_transfer (id),
    sku_id TEXT NOT NULL,
    requested BIGINT NOT NULL CHECK (requested > 0),
    approved BIGINT NOT NULL CHECK (approved >= 0),
    -- Put into the parcel; what left.
    picked BIGINT NOT NULL CHECK (picked >= 0),
    arrived BIGINT NOT NULL CHECK (arrived >= 0),
    -- Arrived broken, set aside.
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    lost BIGINT NOT NULL CHECK (lost >= 0),
    -- Never left: back on the sender's book.
    kept BIGINT NOT NULL CHECK (kept >= 0),
    reason TEXT CHECK (reason IN ('not_packed', 'lost_on_the_way', 'another_parcel', 'unknown')),
    PRIMARY KEY (transfer_id, sku_id),
    CONSTRAINT stock_transfer_line_not_over CHECK (approved <= requested AND picked <= approved
        AND arrived + damaged + lost + kept <= picked)
);

-- What was done to it, by whom. Rows are only ever added.
CREATE TABLE stock_transfer_step (
    transfer_id TEXT NOT NULL REFERENCES stock_transfer (id),
    nth BIGINT NOT NULL CHECK (nth > 0),
    kind TEXT NOT NULL CHECK (kind IN ('requested', 'approved', 'picked', 'shipped', 'received', 'settled',
        'turned_back', 'written_off', 'cancelled')),
    actor TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    note TEXT,
    lines_json TEXT NOT NULL,
    PRIMARY KEY (transfer_id, nth)
);
