-- Stored value. A card's balance is the sum of its own side of the entries; what is held for orders that wait for
-- their money is the sum of the kept holds. Number and PIN are derived from the installation's key, never stored: the
-- number is found by its digest. Partition key at scale: card_id.
CREATE TABLE payments_gift_card (
    id              TEXT   NOT NULL PRIMARY KEY,
    number_hash     BYTEA  NOT NULL UNIQUE,
    last4           TEXT   NOT NULL,
    currency        TEXT   NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('active', 'blocked')),
    balance_minor   BIGINT NOT NULL,
    held_minor      BIGINT NOT NULL CHECK (held_minor >= 0),
    expires_at      BIGINT,
    -- Wrong PINs since the last right one, and until when none is looked at.
    tries           BIGINT NOT NULL,
    locked_until_at BIGINT,
    note            TEXT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    CONSTRAINT payments_gift_card_not_over CHECK (held_minor <= balance_minor)
);
CREATE INDEX payments_gift_card_created ON payments_gift_card (created_at, id);
CREATE INDEX payments_gift_card_last4 ON payments_gift_card (last4);

-- The two sides of each movement of a card's money; they sum to zero. 'card' is what we owe whoever holds it, the
-- other side is where it came from or went to. Never changed, never deleted; one document moves a card once.
CREATE TABLE payments_gift_entry (
    card_id       TEXT   NOT NULL REFERENCES payments_gift_card (id),
    dedupe_key    TEXT   NOT NULL,
    account       TEXT   NOT NULL CHECK (account IN ('card', 'cash', 'terminal', 'goodwill', 'migration', 'orders')),
    kind          TEXT   NOT NULL CHECK (kind IN ('issued', 'loaded', 'spent', 'refunded')),
    amount_minor  BIGINT NOT NULL CHECK (amount_minor <> 0),
    -- What was on the card afterwards; on the card's side only.
    balance_after BIGINT CHECK (balance_after >= 0),
    order_id      TEXT,
    actor         TEXT   NOT NULL,
    recorded_at   BIGINT NOT NULL,
    PRIMARY KEY (card_id, dedupe_key, account),
    CHECK ((account = 'card') = (balance_after IS NOT NULL)),
    CHECK (account <> 'card' OR (amount_minor < 0) = (kind = 'spent'))
);

-- A part of a card kept for a payment, until it is used, let go or run out. One that has run out keeps nothing,
-- whether or not somebody came by to say so.
CREATE TABLE payments_gift_hold (
    payment_id   TEXT   NOT NULL PRIMARY KEY REFERENCES payments_payment (id),
    card_id      TEXT   NOT NULL REFERENCES payments_gift_card (id),
    order_id     TEXT   NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    state        TEXT   NOT NULL CHECK (state IN ('kept', 'used', 'released')),
    expires_at   BIGINT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX payments_gift_hold_kept ON payments_gift_hold (card_id, expires_at) WHERE state = 'kept';
CREATE INDEX payments_gift_hold_order ON payments_gift_hold (order_id) WHERE state = 'kept';

-- What a payment was made with, as far as people may see it: the last signs of a gift card.
ALTER TABLE payments_payment ADD COLUMN label TEXT;
