-- Until when a person decided to wait for supply; the decisions themselves are in the order's timeline.
ALTER TABLE orders_order ADD COLUMN waits_until_at BIGINT;

-- Until when packed goods wait at the counter, and when their customer is reminded of it.
ALTER TABLE orders_fulfilment ADD COLUMN pickup_by_at BIGINT;
ALTER TABLE orders_fulfilment ADD COLUMN remind_at BIGINT;
CREATE INDEX orders_fulfilment_pickup ON orders_fulfilment (pickup_by_at) WHERE state = 'ready';
