-- Staff and their roles.
CREATE TABLE access_staff (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE CHECK (login = lower(login) AND length(login) >= 2),
    name TEXT NOT NULL,
    email TEXT,
    locale TEXT NOT NULL CHECK (locale IN ('zh', 'en')),
    active BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    totp_sealed BYTEA,
    totp_enabled BOOLEAN NOT NULL,
    totp_last_step BIGINT,
    home_place_id TEXT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (totp_sealed IS NOT NULL OR NOT totp_enabled)
);

-- scope_id is empty for the scope 'all', so that the key holds no NULL.
CREATE TABLE access_role (
    staff_id TEXT NOT NULL REFERENCES access_staff (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('all', 'region', 'brand', 'place')),
    scope_id TEXT NOT NULL CHECK ((scope_kind = 'all') = (scope_id = '')),
    PRIMARY KEY (staff_id, role, scope_kind, scope_id)
);

-- Signed-in people, staff and members alike. The token itself is never stored.
CREATE TABLE access_session (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('staff', 'member')),
    principal_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CHECK (expires_at <= ends_at)
);
CREATE INDEX access_session_principal ON access_session (principal_id) WHERE revoked_at IS NULL;
CREATE INDEX access_session_ends ON access_session (ends_at);

-- Keys of machines. The secret itself is never stored; the hint is its first characters, for support.
CREATE TABLE access_api_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    secret_hash BYTEA NOT NULL UNIQUE,
    permissions_json TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('all', 'region', 'brand', 'place')),
    scope_id TEXT NOT NULL CHECK ((scope_kind = 'all') = (scope_id = '')),
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);

-- Sign-in attempts, by keyed fingerprints of login and address: no names, no addresses.
CREATE TABLE access_attempt (
    key_hash BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    window_ends_at BIGINT NOT NULL,
    locked_until_at BIGINT NOT NULL
);
CREATE INDEX access_attempt_window ON access_attempt (window_ends_at);

-- The audit trail. An entry is written beside the work it tells of, in the same transaction, and joins the
-- chain a moment later: one sealer numbers what was committed, so that no two transactions meet on one row.
CREATE TABLE access_audit_pending (
    id TEXT PRIMARY KEY,
    entry_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    facts_json TEXT NOT NULL,
    request_id TEXT NOT NULL
);
CREATE TABLE access_audit (
    seq BIGINT PRIMARY KEY CHECK (seq > 0),
    id TEXT NOT NULL UNIQUE,
    entry_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    facts_json TEXT NOT NULL,
    request_id TEXT NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX access_audit_actor ON access_audit (actor, seq);
CREATE INDEX access_audit_action ON access_audit (action, seq);
-- How far the chain goes, signed with a key that is not in the database.
CREATE TABLE access_audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    hash BYTEA NOT NULL,
    key_id BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    sealed_at BIGINT NOT NULL
);
