-- The answers of requests that carried an idempotency key.
CREATE TABLE db_idempotency (
    operation TEXT NOT NULL,
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (operation, actor, idempotency_key)
);

-- Answers are forgotten by age.
CREATE INDEX db_idempotency_by_age ON db_idempotency (created_at);
