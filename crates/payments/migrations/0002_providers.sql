-- Providers outside: the list of their names is the program's, not the table's, and a refund carries the name
-- its provider knows it by and when it is asked for again.
CREATE TABLE payments_payment_new (
    id              TEXT    NOT NULL PRIMARY KEY,
    order_id        TEXT    NOT NULL,
    provider        TEXT    NOT NULL CHECK (provider <> ''),
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
INSERT INTO payments_payment_new (id, order_id, provider, state, currency, amount_minor, captured_minor,
    refunded_minor, refunding_minor, version, created_at, updated_at)
SELECT id, order_id, provider, state, currency, amount_minor, captured_minor, refunded_minor, refunding_minor,
    version, created_at, updated_at FROM payments_payment;

CREATE TABLE payments_entry_new (
    payment_id   TEXT   NOT NULL REFERENCES payments_payment_new (id),
    dedupe_key   TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN
        ('created', 'authorised', 'captured', 'declined', 'voided', 'refund_requested', 'refunded', 'refund_failed')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    actor        TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (payment_id, dedupe_key)
);
INSERT INTO payments_entry_new (payment_id, dedupe_key, kind, amount_minor, actor, recorded_at)
SELECT payment_id, dedupe_key, kind, amount_minor, actor, recorded_at FROM payments_entry;

CREATE TABLE payments_refund_new (
    id           TEXT   NOT NULL PRIMARY KEY,
    payment_id   TEXT   NOT NULL REFERENCES payments_payment_new (id),
    order_id     TEXT   NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    source       TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('requested', 'done', 'failed')),
    -- Its name towards the provider: another one each time it is asked for anew after the provider gave it up.
    reference    TEXT   NOT NULL,
    round        BIGINT NOT NULL DEFAULT 0,
    -- How often the provider was asked in this round, when it is asked again, and what it said last.
    tries        BIGINT NOT NULL DEFAULT 0,
    next_at      BIGINT NOT NULL,
    provider_ref TEXT,
    failure      TEXT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
-- Refunds from before this version went to providers of the house, which keep no names.
INSERT INTO payments_refund_new (id, payment_id, order_id, amount_minor, source, state, reference, next_at,
    created_at, updated_at)
SELECT id, payment_id, order_id, amount_minor, source, state, id, created_at, created_at, updated_at
FROM payments_refund;

DROP TABLE payments_refund;
DROP TABLE payments_entry;
DROP TABLE payments_payment;
ALTER TABLE payments_payment_new RENAME TO payments_payment;
ALTER TABLE payments_entry_new RENAME TO payments_entry;
ALTER TABLE payments_refund_new RENAME TO payments_refund;
CREATE INDEX payments_payment_order ON payments_payment (order_id);
-- One document gives money back from one payment once.
CREATE UNIQUE INDEX payments_refund_source ON payments_refund (payment_id, source);
CREATE UNIQUE INDEX payments_refund_reference ON payments_refund (reference);
CREATE INDEX payments_refund_due ON payments_refund (next_at) WHERE state = 'requested';
-- What a provider's account of a day is compared with.
CREATE INDEX payments_entry_money ON payments_entry (recorded_at) WHERE kind IN ('captured', 'refunded');

-- The conversation with a provider outside about one payment: what was asked, what the payer's device was told,
-- and when we ask next how it stands.
CREATE TABLE payments_session (
    payment_id    TEXT   NOT NULL PRIMARY KEY REFERENCES payments_payment (id),
    provider      TEXT   NOT NULL,
    way           TEXT   NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('asked', 'open', 'over')),
    reference     TEXT,
    -- Lets the payer, and whoever sees it, complete the payment.
    action_secret TEXT,
    expires_at    BIGINT NOT NULL,
    checks        BIGINT NOT NULL,
    next_at       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX payments_session_due ON payments_session (next_at) WHERE state <> 'over';
CREATE INDEX payments_session_reference ON payments_session (provider, reference);

-- Every message of a provider that was proved to be its own, once, and what became of it.
CREATE TABLE payments_notice (
    provider    TEXT   NOT NULL,
    notice_id   TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    outcome     TEXT   NOT NULL CHECK (outcome IN ('applied', 'ignored', 'differs')),
    deliveries  BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (provider, notice_id)
);

-- A provider's account of a day, read.
CREATE TABLE payments_statement (
    provider  TEXT   NOT NULL,
    day       TEXT   NOT NULL,
    source    TEXT   NOT NULL CHECK (source IN ('fetched', 'brought')),
    lines     BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    loaded_at BIGINT NOT NULL,
    PRIMARY KEY (provider, day)
);
CREATE TABLE payments_statement_line (
    provider     TEXT   NOT NULL,
    day          TEXT   NOT NULL,
    line         BIGINT NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('payment', 'refund')),
    ours         TEXT,
    theirs       TEXT   NOT NULL,
    amount_minor BIGINT NOT NULL,
    fee_minor    BIGINT NOT NULL,
    currency     TEXT   NOT NULL,
    booked_at    BIGINT NOT NULL,
    PRIMARY KEY (provider, day, line),
    FOREIGN KEY (provider, day) REFERENCES payments_statement (provider, day)
);

-- Our books beside the provider's, one row for each payment and refund of a day, and what a person decided where
-- they differ. A decision stays when the day is compared again and still differs the same way.
CREATE TABLE payments_match (
    id           TEXT   NOT NULL PRIMARY KEY,
    provider     TEXT   NOT NULL,
    day          TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('payment', 'refund')),
    -- Our name where there is one, theirs otherwise.
    subject      TEXT   NOT NULL,
    outcome      TEXT   NOT NULL CHECK (outcome IN ('matched', 'missing_here', 'missing_there', 'amount_differs')),
    payment_id   TEXT,
    order_id     TEXT,
    theirs       TEXT,
    our_minor    BIGINT,
    their_minor  BIGINT,
    fee_minor    BIGINT,
    currency     TEXT   NOT NULL,
    booked_at    BIGINT NOT NULL,
    decision     TEXT CHECK (decision IN ('accepted', 'claimed', 'corrected')),
    note         TEXT,
    decided_by   TEXT,
    decided_at   BIGINT,
    compared_at  BIGINT NOT NULL,
    CHECK (decision IS NULL OR (decided_by IS NOT NULL AND decided_at IS NOT NULL))
);
CREATE UNIQUE INDEX payments_match_subject ON payments_match (provider, day, kind, subject);
CREATE INDEX payments_match_list ON payments_match (booked_at, id);
CREATE INDEX payments_match_open ON payments_match (booked_at, id) WHERE outcome <> 'matched' AND decision IS NULL;
