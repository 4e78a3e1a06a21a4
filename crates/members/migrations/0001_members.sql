-- One row per person who joined. A phone belongs to one live member at a time; a person who gave a phone up
-- keeps the row without it.
CREATE TABLE members_member (
    id            TEXT PRIMARY KEY,
    number        TEXT NOT NULL,
    name          TEXT,
    -- What search compares with: the name folded to lower case and half width, without blanks.
    name_key      TEXT NOT NULL,
    phone         TEXT CHECK (phone IS NULL OR phone LIKE '+%'),
    email         TEXT,
    locale        TEXT NOT NULL CHECK (locale IN ('zh', 'en')),
    birthday      TEXT,
    notes         TEXT,
    home_place_id TEXT,
    source        TEXT NOT NULL CHECK (source IN ('sign_in', 'counter', 'import')),
    joined_at     BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    version       BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX members_member_number ON members_member (number);
CREATE UNIQUE INDEX members_member_phone ON members_member (phone) WHERE phone IS NOT NULL;
CREATE INDEX members_member_joined ON members_member (joined_at, id);

CREATE TABLE members_tag (
    member_id TEXT NOT NULL REFERENCES members_member (id),
    tag       TEXT NOT NULL,
    PRIMARY KEY (member_id, tag)
);

-- Receipts of consent, given and withdrawn. Never changed, never deleted; the last of a purpose holds.
CREATE TABLE members_consent (
    member_id      TEXT NOT NULL REFERENCES members_member (id),
    purpose        TEXT NOT NULL CHECK (purpose IN ('service', 'marketing_sms', 'marketing_email', 'personalisation')),
    seq            BIGINT NOT NULL CHECK (seq > 0),
    granted        BOOLEAN NOT NULL,
    policy_version TEXT NOT NULL,
    method         TEXT NOT NULL CHECK (method IN ('sign_in', 'settings', 'counter', 'sms_stop', 'link', 'import')),
    actor          TEXT NOT NULL,
    given_at       BIGINT NOT NULL,
    PRIMARY KEY (member_id, purpose, seq)
);

-- One-time codes. Only the last of a phone opens anything, and only once.
CREATE TABLE members_otp (
    id          TEXT PRIMARY KEY,
    phone       TEXT NOT NULL,
    address     TEXT,
    code_hash   BYTEA NOT NULL,
    tries       BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 5),
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    consumed_at BIGINT
);
CREATE INDEX members_otp_phone ON members_otp (phone, created_at);
CREATE INDEX members_otp_address ON members_otp (address, created_at);
