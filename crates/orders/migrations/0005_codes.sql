-- The promotion code that was typed into a cart; the use an order keeps is named in its plan.
ALTER TABLE orders_cart ADD COLUMN promotion_code TEXT;
