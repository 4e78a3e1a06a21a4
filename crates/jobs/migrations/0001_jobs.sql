-- Work to do later. A finished job is deleted; a dead one stays until a person retries it.
CREATE TABLE jobs_job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    dedupe_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'dead')),
    run_at BIGINT NOT NULL,
    leased_until BIGINT,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    reason TEXT,
    created_at BIGINT NOT NULL
);

-- One waiting job of a kind and key; a dead one does not stand in the way of a new one.
CREATE UNIQUE INDEX jobs_job_once ON jobs_job (kind, dedupe_key) WHERE state = 'waiting';
CREATE INDEX jobs_job_due ON jobs_job (run_at) WHERE state = 'waiting';
