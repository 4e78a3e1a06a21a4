-- A change of a placed order that waits for the payment of its difference, and until when. What became of it is in
-- the order's timeline.
ALTER TABLE orders_order ADD COLUMN change_json TEXT;
ALTER TABLE orders_order ADD COLUMN change_until_at BIGINT;
CREATE INDEX orders_order_change ON orders_order (change_until_at) WHERE change_until_at IS NOT NULL;
