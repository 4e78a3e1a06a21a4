-- Kits: SKUs that are made of other SKUs. A kit has no stock of its own.
CREATE TABLE catalog_component (
    kit_sku_id TEXT NOT NULL REFERENCES catalog_sku (id),
    sku_id TEXT NOT NULL REFERENCES catalog_sku (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    position BIGINT NOT NULL,
    PRIMARY KEY (kit_sku_id, sku_id),
    CHECK (kit_sku_id <> sku_id)
);
CREATE INDEX catalog_component_sku ON catalog_component (sku_id, kit_sku_id);
