-- Places: stores, warehouses, dark stores and pickup points. Partition key at scale: none, the table is small.
CREATE TABLE places_place (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('store', 'warehouse', 'dark_store', 'pickup_point')),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    region TEXT NOT NULL,
    address_json TEXT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL CHECK (latitude >= -90 AND latitude <= 90),
    longitude DOUBLE PRECISION NOT NULL CHECK (longitude >= -180 AND longitude <= 180),
    timezone TEXT NOT NULL,
    area_m2 DOUBLE PRECISION CHECK (area_m2 > 0),
    phone TEXT,
    hours_json TEXT NOT NULL,
    special_days_json TEXT NOT NULL,
    services_json TEXT NOT NULL,
    prep_minutes BIGINT NOT NULL CHECK (prep_minutes >= 0),
    daily_order_capacity BIGINT CHECK (daily_order_capacity >= 0),
    active BOOLEAN NOT NULL,
    -- Code, names and address in the normal form, for the search box.
    search TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    updated_at BIGINT NOT NULL
);
