-- One attempt to pay for an order. The amounts are sums over payments_entry, kept so that one guarded
-- statement can decide; partition key at scale: order_id.
CREATE TABLE payments_payment (
    id              TEXT    NOT NULL PRIMARY KEY,
    order_id        TEXT    NOT NULL,
    provider        TEXT    NOT NULL CHECK (provider IN ('sandbox', 'cash', 'external')),
    state           TEXT    NOT NULL CHECK (state IN
        ('pending', 'authorised', 'declined', 'voided', 'captured', 'partly_refunded', 'refunded')),
    currency        TEXT    NOT NULL,
    amount_minor    BIGINT  NOT NULL CHECK (amount_minor >= 0),
    captured_minor  BIGINT  NOT NULL CHECK (captured_minor >= 0),
    -- Given back, as the provider confirmed it.
    refunded_minor  BIGINT  NOT NULL CHECK (refunded_minor >= 0),
    -- Asked to be given back, not confirmed yet.
    refunding_minor BIGINT  NOT NULL CHECK (refunding_minor >= 0),
    version         BIGINT  NOT NULL,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    CHECK (captured_minor <= amount_minor),
    CHECK (refunded_minor + refunding_minor <= captured_minor)
);
CREATE INDEX payments_payment_order ON payments_payment (order_id);

-- What happened to a payment, as told by us or by its provider. Never changed, never deleted; the same
-- word of a provider delivered again finds its dedupe_key taken.
CREATE TABLE payments_entry (
    payment_id   TEXT   NOT NULL REFERENCES payments_payment (id),
    dedupe_key   TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN
        ('created', 'authorised', 'captured', 'declined', 'voided', 'refund_requested', 'refunded', 'refund_failed')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    actor        TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (payment_id, dedupe_key)
);

-- Money on its way back: asked for in the transaction that owed it, settled with the provider afterwards
-- under this row's id as idempotency key.
CREATE TABLE payments_refund (
    id           TEXT   NOT NULL PRIMARY KEY,
    payment_id   TEXT   NOT NULL REFERENCES payments_payment (id),
    order_id     TEXT   NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    source       TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('requested', 'done', 'failed')),
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
-- One document gives money back from one payment once.
CREATE UNIQUE INDEX payments_refund_source ON payments_refund (payment_id, source);
CREATE INDEX payments_refund_due ON payments_refund (created_at) WHERE state = 'requested';
