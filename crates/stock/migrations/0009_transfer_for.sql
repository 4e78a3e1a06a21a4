-- Transfers that carry what a customer was promised: where they head for, it is kept for them as it arrives.
ALTER TABLE stock_transfer ADD COLUMN order_id TEXT;
ALTER TABLE stock_transfer ADD COLUMN order_number TEXT;
-- Who holds it there.
ALTER TABLE stock_transfer ADD COLUMN kept_for TEXT;
-- Since when there is something its order does not know.
ALTER TABLE stock_transfer ADD COLUMN news_at BIGINT;
CREATE INDEX stock_transfer_news ON stock_transfer (id) WHERE news_at IS NOT NULL;
-- Pieces that are promised; the others are anybody's when they arrive.
ALTER TABLE stock_transfer_line ADD COLUMN promised BIGINT NOT NULL DEFAULT 0 CHECK (promised >= 0);
