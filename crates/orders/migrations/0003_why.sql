-- Why places were chosen is long, and seldom asked for: it is kept once a decision, apart from the rows that are
-- read and written all day.
CREATE TABLE orders_why (
    fulfilment_id TEXT PRIMARY KEY,
    order_id      TEXT NOT NULL REFERENCES orders_order (id),
    why_json      TEXT NOT NULL,
    decided_at    BIGINT NOT NULL
);
CREATE INDEX orders_why_order ON orders_why (order_id);

ALTER TABLE orders_fulfilment ADD COLUMN why_of TEXT;
ALTER TABLE orders_fulfilment ADD COLUMN why_text_json TEXT;

INSERT INTO orders_why (fulfilment_id, order_id, why_json, decided_at)
    SELECT id, order_id, why_json, created_at FROM orders_fulfilment WHERE why_json IS NOT NULL;
UPDATE orders_fulfilment SET why_of = id WHERE why_json IS NOT NULL;
ALTER TABLE orders_fulfilment DROP COLUMN why_json;
