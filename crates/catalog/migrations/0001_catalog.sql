-- The catalogue: categories, products, SKUs, barcodes, pictures and the terms they are found by.
-- Partition key at scale: none; the catalogue is copied whole.
CREATE TABLE catalog_category (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    parent_id TEXT REFERENCES catalog_category (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX catalog_category_parent ON catalog_category (parent_id);

CREATE TABLE catalog_product (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    brand_zh TEXT NOT NULL,
    brand_en TEXT NOT NULL,
    category_id TEXT NOT NULL REFERENCES catalog_category (id),
    description_zh TEXT NOT NULL,
    description_en TEXT NOT NULL,
    attributes_json TEXT NOT NULL,
    media_json TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    -- The lowest price and the number of the SKUs that sell, kept with the product for lists.
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    price_currency TEXT NOT NULL,
    sku_count BIGINT NOT NULL CHECK (sku_count >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    updated_at BIGINT NOT NULL
);
CREATE INDEX catalog_product_category ON catalog_product (category_id, code);

CREATE TABLE catalog_sku (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES catalog_product (id),
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    option_zh TEXT NOT NULL,
    option_en TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    price_currency TEXT NOT NULL,
    tracked BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX catalog_sku_product ON catalog_sku (product_id, position);

CREATE TABLE catalog_barcode (
    -- Fourteen digits: one product scanned as UPC-A or as EAN-13 is one barcode.
    gtin TEXT NOT NULL PRIMARY KEY,
    sku_id TEXT NOT NULL REFERENCES catalog_sku (id),
    written TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX catalog_barcode_sku ON catalog_barcode (sku_id, position);

CREATE TABLE catalog_media (
    id TEXT NOT NULL PRIMARY KEY,
    content_type TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    width BIGINT NOT NULL CHECK (width > 0),
    height BIGINT NOT NULL CHECK (height > 0),
    created_at BIGINT NOT NULL
);

CREATE TABLE catalog_term (
    term TEXT NOT NULL,
    product_id TEXT NOT NULL REFERENCES catalog_product (id),
    weight BIGINT NOT NULL CHECK (weight > 0),
    PRIMARY KEY (term, product_id)
);
CREATE INDEX catalog_term_product ON catalog_term (product_id);
