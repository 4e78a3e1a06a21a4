-- Codes that buyers type for a promotion. `taken` counts the uses that are kept or used; the guards below are what
-- no rush gets past. Partition key at scale: promotion_id.
CREATE TABLE pricing_code (
    promotion_id        TEXT   NOT NULL PRIMARY KEY REFERENCES pricing_promotion (id),
    code                TEXT   NOT NULL UNIQUE CHECK (code <> ''),
    max_uses            BIGINT CHECK (max_uses > 0),
    max_uses_per_member BIGINT CHECK (max_uses_per_member > 0),
    taken               BIGINT NOT NULL CHECK (taken >= 0),
    CONSTRAINT pricing_code_not_over CHECK (max_uses IS NULL OR taken <= max_uses)
);

CREATE TABLE pricing_code_member (
    promotion_id TEXT   NOT NULL,
    member_id    TEXT   NOT NULL,
    taken        BIGINT NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (promotion_id, member_id)
);

-- One use, kept for an order until it is paid (then used), given up or run out (then released). A kept use whose
-- time is over counts no more, whether or not somebody came by to say so.
CREATE TABLE pricing_code_use (
    order_id     TEXT   NOT NULL PRIMARY KEY,
    promotion_id TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    member_id    TEXT,
    state        TEXT   NOT NULL CHECK (state IN ('kept', 'used', 'released')),
    expires_at   BIGINT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX pricing_code_use_kept ON pricing_code_use (promotion_id, expires_at) WHERE state = 'kept';
