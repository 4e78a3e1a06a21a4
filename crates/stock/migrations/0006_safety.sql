-- What is kept back from sale: of a SKU at a place, where somebody said so, else what the place keeps back of
-- everything. Partition key at scale: as the balances.
CREATE TABLE stock_safety (
    sku_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    actor TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (sku_id, place_id)
);
CREATE TABLE stock_safety_default (
    place_id TEXT NOT NULL PRIMARY KEY,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    actor TEXT NOT NULL,
    set_at BIGINT NOT NULL
);
-- Until now all of it was said one by one.
INSERT INTO stock_safety (sku_id, place_id, quantity, actor, set_at)
    SELECT sku_id, place_id, safety_stock, 'system:stock', updated_at FROM stock_balance WHERE safety_stock > 0;
