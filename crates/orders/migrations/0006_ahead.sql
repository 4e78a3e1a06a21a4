-- What was sold before it was there: the pieces that are still to come, where, and by when they were promised.
ALTER TABLE orders_order ADD COLUMN ahead_json TEXT;
