-- Selling what is not there yet: which SKUs may be, how many, and who has been promised what is due. Partition key at
-- scale: sku_id.
CREATE TABLE stock_presale (
    sku_id TEXT NOT NULL PRIMARY KEY,
    mode TEXT NOT NULL CHECK (mode IN ('off', 'pre_order', 'backorder')),
    cap BIGINT NOT NULL CHECK (cap >= 0),
    -- Pieces that claims wait for.
    claimed BIGINT NOT NULL CHECK (claimed >= 0),
    -- Claimed beyond a cap that was lowered afterwards. Only the lowering raises it.
    excess BIGINT NOT NULL CHECK (excess >= 0),
    actor TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    CONSTRAINT stock_presale_not_over CHECK (claimed <= cap + excess)
);

-- A claim on what is due: first come, first served. As pieces come they go over into a hold.
CREATE TABLE stock_claim (
    owner TEXT NOT NULL CHECK (owner <> ''),
    sku_id TEXT NOT NULL REFERENCES stock_presale (sku_id),
    place_id TEXT NOT NULL,
    -- What it belongs to, such as an order.
    document TEXT NOT NULL,
    wanted BIGINT NOT NULL CHECK (wanted > 0),
    -- Still to come; gone over into a hold; given back; taken back because the claim ran out.
    outstanding BIGINT NOT NULL CHECK (outstanding >= 0),
    filled BIGINT NOT NULL CHECK (filled >= 0),
    released BIGINT NOT NULL CHECK (released >= 0),
    lapsed BIGINT NOT NULL CHECK (lapsed >= 0),
    expires_at BIGINT,
    claimed_at BIGINT NOT NULL,
    -- When the last piece of it comes as things stand, and as its customer was told; nothing when nobody brings it.
    due_at BIGINT,
    told_due_at BIGINT,
    -- Of use only when all of it is there.
    whole BOOLEAN NOT NULL,
    -- Who holds what has come, and that hold until somebody has taken it over.
    fill_owner TEXT NOT NULL,
    hold_id TEXT REFERENCES stock_hold (id),
    PRIMARY KEY (owner, sku_id),
    CONSTRAINT stock_claim_adds_up CHECK (outstanding + filled + released + lapsed = wanted),
    CHECK (outstanding = 0 OR lapsed = 0)
);
CREATE INDEX stock_claim_line ON stock_claim (sku_id, place_id, claimed_at, owner) WHERE outstanding > 0;
CREATE INDEX stock_claim_document ON stock_claim (document, owner, sku_id);
CREATE INDEX stock_claim_come ON stock_claim (owner) WHERE hold_id IS NOT NULL;
CREATE INDEX stock_claim_untold ON stock_claim (document)
    WHERE outstanding > 0 AND COALESCE(due_at, 0) <> COALESCE(told_due_at, 0);
