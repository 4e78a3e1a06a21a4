-- A member's account. The balance is derived: always the sum of the account's entries.
-- It may be below zero only after a reversal took back what had been spent already.
CREATE TABLE loyalty_account (
    member_id  TEXT PRIMARY KEY,
    balance    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One thing that happened to points, once: the unique key over kind and source makes a repetition impossible.
CREATE TABLE loyalty_transaction (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('earn', 'burn', 'reverse', 'expire', 'adjust')),
    source      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (kind, source)
);

-- The two sides of each transaction; they sum to zero. 'member' is what we owe the member, 'issued' is
-- what the chain has given out. Never changed, never deleted.
CREATE TABLE loyalty_entry (
    id             TEXT PRIMARY KEY,
    transaction_id TEXT NOT NULL REFERENCES loyalty_transaction (id),
    side           TEXT NOT NULL CHECK (side IN ('member', 'issued')),
    member_id      TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('earn', 'burn', 'reverse', 'expire', 'adjust')),
    source         TEXT NOT NULL,
    points         BIGINT NOT NULL CHECK (points <> 0),
    -- What the member had afterwards; on the member's side only.
    balance_after  BIGINT CHECK ((side = 'member') = (balance_after IS NOT NULL)),
    -- The instant whose twelve months these points count in for the tier: a reversal's is its earning's.
    counts_at      BIGINT NOT NULL,
    occurred_at    BIGINT NOT NULL,
    CHECK (kind <> 'burn' OR side <> 'member' OR balance_after >= 0),
    UNIQUE (transaction_id, side)
);
CREATE INDEX loyalty_entry_member ON loyalty_entry (member_id, side, occurred_at, id);
CREATE INDEX loyalty_entry_counts ON loyalty_entry (member_id, side, counts_at);

-- What an order's points are computed from: what was sold less what came back. The points granted follow
-- from these two numbers alone, so that they cannot drift however often parts are returned.
CREATE TABLE loyalty_order (
    order_id       TEXT PRIMARY KEY,
    member_id      TEXT NOT NULL,
    currency       TEXT NOT NULL,
    goods_minor    BIGINT NOT NULL CHECK (goods_minor >= 0),
    returned_minor BIGINT NOT NULL CHECK (returned_minor >= 0),
    granted        BIGINT NOT NULL CHECK (granted >= 0),
    state          TEXT NOT NULL CHECK (state IN ('expected', 'earned', 'cancelled')),
    earned_at      BIGINT CHECK ((state = 'earned') = (earned_at IS NOT NULL)),
    CHECK (state = 'earned' OR granted = 0)
);
CREATE INDEX loyalty_order_pending ON loyalty_order (member_id) WHERE state = 'expected';

-- What came back of an order, once each, also when the news of it is older than the news of the earning.
CREATE TABLE loyalty_return (
    source       TEXT PRIMARY KEY,
    order_id     TEXT NOT NULL REFERENCES loyalty_order (order_id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    points       BIGINT NOT NULL CHECK (points >= 0)
);
