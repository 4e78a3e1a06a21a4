-- A basket before it is an order. Prices and availability are never kept here: they are read live.
-- Partition key at scale: id.
CREATE TABLE orders_cart (
    id              TEXT   NOT NULL PRIMARY KEY,
    channel         TEXT   NOT NULL,
    currency        TEXT   NOT NULL,
    member_id       TEXT,
    lines_json      TEXT   NOT NULL,
    choice_json     TEXT,
    contact_json    TEXT,
    -- The order it became; a cart becomes one order once.
    order_id        TEXT,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);

-- One order, whatever the channel. Partition key at scale: member_id where there is one, else id.
CREATE TABLE orders_order (
    id              TEXT   NOT NULL PRIMARY KEY,
    number          TEXT   NOT NULL UNIQUE,
    state           TEXT   NOT NULL CHECK (state IN
        ('pending_payment', 'paid', 'allocated', 'ready', 'shipped', 'collected', 'delivered', 'closed',
         'cancelled', 'expired', 'needs_decision', 'returned', 'partly_returned')),
    channel         TEXT   NOT NULL,
    currency        TEXT   NOT NULL,
    member_id       TEXT,
    contact_name    TEXT   NOT NULL,
    contact_phone   TEXT   NOT NULL,
    method          TEXT   NOT NULL CHECK (method IN ('collect', 'delivery')),
    address_json    TEXT,
    -- Where it was sold or is collected; absent for a delivery.
    place_id        TEXT,
    place_name_json TEXT,
    goods_minor     BIGINT NOT NULL,
    discount_minor  BIGINT NOT NULL CHECK (discount_minor >= 0),
    shipping_minor  BIGINT NOT NULL,
    tax_minor       BIGINT NOT NULL,
    total_minor     BIGINT NOT NULL,
    refunded_minor  BIGINT NOT NULL CHECK (refunded_minor >= 0 AND refunded_minor <= total_minor),
    item_count      BIGINT NOT NULL,
    image_json      TEXT,
    -- Which place serves what and why, as decided when the stock was held.
    plan_json       TEXT,
    hold_expires_at BIGINT,
    -- One JSON object a line, added to by the statement that changes the order: the history of this row.
    timeline        TEXT   NOT NULL,
    placed_at       BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    CHECK (total_minor = goods_minor - discount_minor + shipping_minor)
);
CREATE INDEX orders_order_placed ON orders_order (placed_at, id);
CREATE INDEX orders_order_state ON orders_order (state, placed_at, id);
CREATE INDEX orders_order_member ON orders_order (member_id, placed_at, id) WHERE member_id IS NOT NULL;
CREATE INDEX orders_order_place ON orders_order (place_id, placed_at, id) WHERE place_id IS NOT NULL;

-- What was bought, as it was called and cost on that day: a product may be renamed or deleted afterwards.
CREATE TABLE orders_line (
    order_id           TEXT   NOT NULL REFERENCES orders_order (id),
    id                 TEXT   NOT NULL,
    position           BIGINT NOT NULL,
    sku_id             TEXT   NOT NULL,
    product_id         TEXT   NOT NULL,
    quantity           BIGINT NOT NULL CHECK (quantity > 0),
    quantity_returned  BIGINT NOT NULL CHECK (quantity_returned >= 0),
    quantity_cancelled BIGINT NOT NULL CHECK (quantity_cancelled >= 0),
    unit_price_minor   BIGINT NOT NULL,
    discount_minor     BIGINT NOT NULL CHECK (discount_minor >= 0),
    total_minor        BIGINT NOT NULL,
    snapshot_json      TEXT   NOT NULL,
    PRIMARY KEY (order_id, id),
    CHECK (quantity_returned + quantity_cancelled <= quantity)
);

-- The part of an order that one place serves.
CREATE TABLE orders_fulfilment (
    id               TEXT   NOT NULL PRIMARY KEY,
    order_id         TEXT   NOT NULL REFERENCES orders_order (id),
    order_number     TEXT   NOT NULL,
    method           TEXT   NOT NULL CHECK (method IN ('collect', 'delivery')),
    place_id         TEXT   NOT NULL,
    place_name_json  TEXT   NOT NULL,
    state            TEXT   NOT NULL CHECK (state IN
        ('requested', 'picking', 'ready', 'handed_over', 'shipped', 'delivered', 'rejected', 'cancelled')),
    hold_id          TEXT,
    lines_json       TEXT   NOT NULL,
    why_json         TEXT,
    promised_at      BIGINT,
    contact_name     TEXT   NOT NULL,
    carrier          TEXT,
    tracking_number  TEXT,
    code_tries       BIGINT NOT NULL,
    code_locked_until_at BIGINT,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    version          BIGINT NOT NULL
);
CREATE INDEX orders_fulfilment_order ON orders_fulfilment (order_id);
CREATE INDEX orders_fulfilment_queue ON orders_fulfilment (place_id, state, created_at, id);

-- Goods that came back, in whatever place they were handed in.
CREATE TABLE orders_return (
    id              TEXT   NOT NULL PRIMARY KEY,
    order_id        TEXT   NOT NULL REFERENCES orders_order (id),
    order_number    TEXT   NOT NULL,
    place_id        TEXT   NOT NULL,
    place_name_json TEXT   NOT NULL,
    lines_json      TEXT   NOT NULL,
    currency        TEXT   NOT NULL,
    refund_minor    BIGINT NOT NULL CHECK (refund_minor >= 0),
    note            TEXT,
    actor           TEXT   NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX orders_return_order ON orders_return (order_id);
CREATE INDEX orders_return_place ON orders_return (place_id, created_at, id);
CREATE INDEX orders_return_created ON orders_return (created_at, id);
