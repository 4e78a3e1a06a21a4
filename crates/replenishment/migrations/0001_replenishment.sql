-- Replenishment: what people say holds for articles and places, runs over the assortment, and what they propose.
-- Partition key at scale: a hash of sku_id for proposals, none for the rest.

-- What was said about one subject: goods of our own places, goods of suppliers, a place, a supplier, a SKU, or a SKU at
-- a place.
CREATE TABLE replenishment_setting (
    subject TEXT NOT NULL PRIMARY KEY,
    sku_id TEXT,
    said_json TEXT NOT NULL,
    actor TEXT NOT NULL,
    set_at BIGINT NOT NULL
);
CREATE INDEX replenishment_setting_sku ON replenishment_setting (sku_id, subject) WHERE sku_id IS NOT NULL;

CREATE TABLE replenishment_run (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
    actor TEXT NOT NULL,
    skus_total BIGINT NOT NULL CHECK (skus_total >= 0),
    skus_done BIGINT NOT NULL CHECK (skus_done >= 0),
    -- Articles at places that were looked at; what was proposed for them.
    series BIGINT NOT NULL CHECK (series >= 0),
    proposals BIGINT NOT NULL CHECK (proposals >= 0),
    pieces BIGINT NOT NULL CHECK (pieces >= 0),
    -- The last SKU worked off.
    cursor_sku_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT,
    CHECK ((finished_at IS NULL) = (state = 'running'))
);
-- One at a time: a run reads a lot.
CREATE UNIQUE INDEX replenishment_run_running ON replenishment_run (state) WHERE state = 'running';
CREATE INDEX replenishment_run_created ON replenishment_run (created_at, id);

CREATE TABLE replenishment_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES replenishment_run (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'dismissed')),
    sku_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    -- Who gives; the supplier of the goods when absent.
    from_place_id TEXT,
    supplier TEXT,
    -- Sought by code or name of the article, in lower case.
    words TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- What somebody made of it.
    accepted BIGINT CHECK (accepted > 0),
    -- How many days what is there lasts; the list begins with the least.
    lasts_days DOUBLE PRECISION NOT NULL,
    expected_at BIGINT NOT NULL,
    why_json TEXT NOT NULL,
    transfer_id TEXT,
    supply_id TEXT,
    reason TEXT CHECK (reason IN ('not_needed', 'forecast_wrong', 'no_room', 'budget', 'phasing_out', 'other')),
    note TEXT,
    -- Nothing is proposed before then.
    quiet_until_at BIGINT,
    actor TEXT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    CHECK ((decided_at IS NULL) = (state = 'open')),
    CHECK ((accepted IS NULL) = (state <> 'accepted')),
    CHECK ((reason IS NULL) = (state <> 'dismissed')),
    CHECK (transfer_id IS NULL OR from_place_id IS NOT NULL),
    CHECK (supply_id IS NULL OR from_place_id IS NULL)
);
CREATE INDEX replenishment_proposal_list ON replenishment_proposal (state, lasts_days, id);
CREATE INDEX replenishment_proposal_place ON replenishment_proposal (place_id, state, lasts_days, id);
CREATE INDEX replenishment_proposal_sku ON replenishment_proposal (sku_id, state, place_id);
