-- The baseline's plain order book: what somebody would write by hand, in a scratch database only.
CREATE TABLE bench_stock (
    sku BIGINT NOT NULL PRIMARY KEY,
    on_hand BIGINT NOT NULL,
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    CHECK (reserved <= on_hand)
);
CREATE TABLE bench_order (
    id BIGINT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE bench_order_line (
    order_id BIGINT NOT NULL REFERENCES bench_order (id),
    sku BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    price_minor BIGINT NOT NULL
);
CREATE INDEX bench_order_line_order ON bench_order_line (order_id);
CREATE TABLE bench_payment (
    order_id BIGINT NOT NULL PRIMARY KEY REFERENCES bench_order (id),
    state TEXT NOT NULL,
    amount_minor BIGINT NOT NULL
);
CREATE TABLE bench_fulfilment (
    order_id BIGINT NOT NULL PRIMARY KEY REFERENCES bench_order (id),
    place BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE TABLE bench_event (
    order_id BIGINT NOT NULL,
    body TEXT NOT NULL
);
