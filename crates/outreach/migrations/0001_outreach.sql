-- Every message to a person, also those that were held back, with the reason.
CREATE TABLE outreach_message (
    id                TEXT PRIMARY KEY,
    channel           TEXT NOT NULL CHECK (channel IN ('sms', 'email', 'push', 'inbox')),
    recipient         TEXT NOT NULL,
    member_id         TEXT,
    template          TEXT NOT NULL,
    purpose           TEXT NOT NULL CHECK (purpose IN ('transaction', 'service', 'marketing')),
    locale            TEXT NOT NULL CHECK (locale IN ('zh', 'en')),
    subject           TEXT,
    body              TEXT NOT NULL,
    state             TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'suppressed')),
    suppressed_reason TEXT CHECK ((state = 'suppressed') = (suppressed_reason IS NOT NULL)),
    failure           TEXT,
    -- One message for one occasion, however often it is asked for.
    dedupe_key        TEXT,
    created_at        BIGINT NOT NULL,
    sent_at           BIGINT CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE UNIQUE INDEX outreach_message_dedupe ON outreach_message (dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX outreach_message_newest ON outreach_message (created_at, id);
CREATE INDEX outreach_message_member ON outreach_message (member_id, created_at, id) WHERE member_id IS NOT NULL;
CREATE INDEX outreach_message_recipient ON outreach_message (recipient, created_at, id);
