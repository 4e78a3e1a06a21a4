-- An invitation to one question after an order, and its answer.
CREATE TABLE voice_survey (
    id              TEXT PRIMARY KEY,
    -- The link's secret is not kept, only its hash.
    token_hash      BYTEA NOT NULL UNIQUE,
    kind            TEXT NOT NULL CHECK (kind IN ('csat')),
    order_id        TEXT NOT NULL,
    order_number    TEXT NOT NULL,
    member_id       TEXT,
    contact_phone   TEXT,
    locale          TEXT NOT NULL CHECK (locale IN ('zh', 'en')),
    place_id        TEXT,
    place_name_json TEXT,
    city_json       TEXT,
    products_json   TEXT NOT NULL,
    invited_at      BIGINT NOT NULL,
    closes_at       BIGINT NOT NULL CHECK (closes_at > invited_at),
    answered_at     BIGINT,
    late            BOOLEAN NOT NULL,
    score           BIGINT CHECK (score BETWEEN 1 AND 5),
    text            TEXT,
    CHECK ((answered_at IS NULL) = (score IS NULL)),
    UNIQUE (kind, order_id)
);
CREATE INDEX voice_survey_answered ON voice_survey (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX voice_survey_member ON voice_survey (member_id, invited_at) WHERE member_id IS NOT NULL;

CREATE TABLE voice_survey_product (
    product_id TEXT NOT NULL,
    survey_id  TEXT NOT NULL REFERENCES voice_survey (id),
    PRIMARY KEY (product_id, survey_id)
);

CREATE TABLE voice_counter (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE voice_issue (
    id              TEXT PRIMARY KEY,
    number          BIGINT NOT NULL UNIQUE CHECK (number > 0),
    title           TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'cause_found', 'acting', 'proving', 'closed')),
    priority        TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    owner_id        TEXT NOT NULL,
    due_on          TEXT NOT NULL,
    cause           TEXT,
    proof_json      TEXT,
    answer_json     TEXT,
    waive_reason    TEXT,
    created_at      BIGINT NOT NULL,
    closed_at       BIGINT CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
    version         BIGINT NOT NULL CHECK (version > 0),
    -- Nothing is closed without evidence, and without an answer or a reason for none.
    CHECK (state <> 'closed' OR (proof_json IS NOT NULL AND (answer_json IS NOT NULL OR waive_reason IS NOT NULL)))
);
CREATE INDEX voice_issue_newest ON voice_issue (created_at, id);
CREATE INDEX voice_issue_due ON voice_issue (due_on) WHERE closed_at IS NULL;

-- One voice.
CREATE TABLE voice_feedback (
    id             TEXT PRIMARY KEY,
    source         TEXT NOT NULL CHECK (source IN ('survey', 'counter', 'chat', 'review', 'member')),
    score          BIGINT CHECK (score BETWEEN 1 AND 5),
    text           TEXT NOT NULL,
    language       TEXT NOT NULL CHECK (language IN ('zh', 'en', 'unknown')),
    sentiment      TEXT NOT NULL CHECK (sentiment IN ('negative', 'neutral', 'positive', 'unknown')),
    sentiment_by   TEXT NOT NULL CHECK (sentiment_by IN ('score', 'words', 'nothing')),
    conflicting    BOOLEAN NOT NULL,
    -- The strongest topic; all of them stand in voice_feedback_topic.
    topic          TEXT NOT NULL,
    topics_json    TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('new', 'grouped', 'answered', 'dismissed')),
    dismiss_reason TEXT CHECK (dismiss_reason IS NULL OR state = 'dismissed'),
    place_id       TEXT,
    order_id       TEXT,
    member_id      TEXT,
    contact_phone  TEXT,
    product_id     TEXT,
    issue_id       TEXT REFERENCES voice_issue (id),
    survey_id      TEXT REFERENCES voice_survey (id),
    -- Names as they were when it was said: place, city, order number, product.
    about_json     TEXT NOT NULL,
    actor          TEXT NOT NULL,
    heard_at       BIGINT NOT NULL,
    answered_at    BIGINT CHECK (answered_at IS NULL OR state = 'answered'),
    CHECK (state <> 'grouped' OR issue_id IS NOT NULL)
);
CREATE INDEX voice_feedback_newest ON voice_feedback (heard_at, id);
CREATE INDEX voice_feedback_state ON voice_feedback (state, heard_at, id);
CREATE INDEX voice_feedback_member ON voice_feedback (member_id, heard_at, id) WHERE member_id IS NOT NULL;
CREATE INDEX voice_feedback_product ON voice_feedback (product_id, heard_at) WHERE product_id IS NOT NULL;
CREATE INDEX voice_feedback_place ON voice_feedback (place_id, heard_at) WHERE place_id IS NOT NULL;
CREATE INDEX voice_feedback_issue ON voice_feedback (issue_id) WHERE issue_id IS NOT NULL;
CREATE UNIQUE INDEX voice_feedback_survey ON voice_feedback (survey_id) WHERE survey_id IS NOT NULL;

CREATE TABLE voice_feedback_topic (
    topic       TEXT NOT NULL,
    feedback_id TEXT NOT NULL REFERENCES voice_feedback (id),
    PRIMARY KEY (topic, feedback_id)
);

CREATE TABLE voice_action (
    id         TEXT PRIMARY KEY,
    issue_id   TEXT NOT NULL REFERENCES voice_issue (id),
    title      TEXT NOT NULL,
    owner_id   TEXT NOT NULL,
    due_on     TEXT NOT NULL,
    done_at    BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX voice_action_issue ON voice_action (issue_id, created_at, id);

-- What happened to an issue, for people; never changed.
CREATE TABLE voice_issue_note (
    issue_id   TEXT NOT NULL REFERENCES voice_issue (id),
    seq        BIGINT NOT NULL CHECK (seq > 0),
    kind       TEXT NOT NULL,
    text_json  TEXT NOT NULL,
    facts_json TEXT NOT NULL,
    actor      TEXT NOT NULL,
    noted_at   BIGINT NOT NULL,
    PRIMARY KEY (issue_id, seq)
);

-- Who was answered, once each.
CREATE TABLE voice_answer (
    issue_id    TEXT NOT NULL REFERENCES voice_issue (id),
    -- The member, else the phone, else the one voice of somebody we cannot reach.
    person      TEXT NOT NULL,
    feedback_id TEXT NOT NULL REFERENCES voice_feedback (id),
    message_id  TEXT,
    outcome     TEXT NOT NULL CHECK (outcome IN ('sent', 'suppressed', 'waived')),
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (issue_id, person)
);
CREATE INDEX voice_answer_message ON voice_answer (message_id) WHERE message_id IS NOT NULL;
