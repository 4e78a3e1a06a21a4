-- The single pieces a reader has seen for a count: seen twice, a piece is still one.
CREATE TABLE stock_count_epc (
    count_id TEXT NOT NULL REFERENCES stock_count (id),
    gtin TEXT NOT NULL CHECK (gtin <> ''),
    serial_number TEXT NOT NULL CHECK (serial_number <> ''),
    sku_id TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (count_id, gtin, serial_number)
);
CREATE INDEX stock_count_epc_sku ON stock_count_epc (count_id, sku_id);
