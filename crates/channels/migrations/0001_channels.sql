-- Channels: from where each sells and what it leaves there. Partition key at scale: none, there are six.

-- Every version there was of every channel's terms; the highest is in force. Rows are only ever added.
CREATE TABLE channels_terms (
    channel TEXT NOT NULL CHECK (channel IN ('web', 'app', 'mini_program', 'store', 'pos', 'marketplace')),
    version BIGINT NOT NULL CHECK (version > 0),
    terms_json TEXT NOT NULL,
    note TEXT,
    actor TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (channel, version)
);
