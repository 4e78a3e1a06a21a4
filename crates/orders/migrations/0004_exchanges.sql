-- What went out at the counter instead of what came back, and what was paid for the difference.
ALTER TABLE orders_return ADD COLUMN exchange_json TEXT;
