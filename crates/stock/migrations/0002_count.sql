-- Counts: sheets, what was found on them, and every look that was taken.
CREATE TABLE stock_count (
    id TEXT NOT NULL PRIMARY KEY,
    place_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'review', 'posted', 'cancelled')),
    scope TEXT NOT NULL CHECK (scope IN ('skus', 'category', 'place')),
    category_id TEXT,
    -- Who counts does not see what the book expects.
    blind BOOLEAN NOT NULL,
    note TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_by TEXT,
    submitted_at BIGINT,
    closed_by TEXT,
    closed_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK ((scope = 'category') = (category_id IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (state IN ('open', 'review')))
);
CREATE INDEX stock_count_place ON stock_count (place_id, id);
CREATE INDEX stock_count_state ON stock_count (state, id);

CREATE TABLE stock_count_line (
    count_id TEXT NOT NULL REFERENCES stock_count (id),
    sku_id TEXT NOT NULL,
    -- The sheet's own, so that what was counted of a balance is found without a scan.
    place_id TEXT NOT NULL,
    -- How often it was counted; zero until somebody has.
    round BIGINT NOT NULL CHECK (round >= 0),
    counted BIGINT CHECK (counted >= 0),
    -- The balance at the instant of the latest look: on hand, set aside for good, picked and waiting, being picked.
    book BIGINT,
    quarantined BIGINT CHECK (quarantined >= 0),
    picked BIGINT CHECK (picked >= 0),
    picking BIGINT CHECK (picking >= 0),
    -- What was recorded after the look and had happened before it.
    late BIGINT NOT NULL,
    variance BIGINT NOT NULL,
    price_minor BIGINT CHECK (price_minor >= 0),
    price_currency TEXT,
    counted_by TEXT,
    counted_at BIGINT,
    -- Sent back to be counted once more.
    again BOOLEAN NOT NULL,
    reason TEXT CHECK (reason IN ('lost', 'damaged', 'misplaced', 'unrecorded', 'miscounted', 'other')),
    PRIMARY KEY (count_id, sku_id),
    CHECK ((round = 0) = (counted IS NULL)),
    CHECK ((counted IS NULL) = (book IS NULL)),
    CHECK ((counted IS NULL) = (counted_at IS NULL)),
    CHECK (counted IS NOT NULL OR variance = 0)
);
CREATE INDEX stock_count_line_balance ON stock_count_line (sku_id, place_id, counted_at)
    WHERE counted_at IS NOT NULL;

-- Every look that was taken. Rows are only ever added.
CREATE TABLE stock_count_take (
    count_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    round BIGINT NOT NULL CHECK (round > 0),
    counted BIGINT NOT NULL CHECK (counted >= 0),
    expected BIGINT NOT NULL,
    variance BIGINT NOT NULL,
    actor TEXT NOT NULL,
    counted_at BIGINT NOT NULL,
    PRIMARY KEY (count_id, sku_id, round),
    FOREIGN KEY (count_id, sku_id) REFERENCES stock_count_line (count_id, sku_id)
);
