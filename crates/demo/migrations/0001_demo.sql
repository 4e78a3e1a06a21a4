-- The chain this store was filled with: what to make again when a load was interrupted, and what to print
-- when the demo is started again. One row at most.
CREATE TABLE demo_chain (
    id          BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seed        TEXT   NOT NULL,
    as_of_at    BIGINT NOT NULL,
    stores      BIGINT NOT NULL CHECK (stores > 0),
    members     BIGINT NOT NULL CHECK (members > 0),
    orders      BIGINT NOT NULL CHECK (orders > 0),
    days        BIGINT NOT NULL CHECK (days > 0),
    -- Present once everything is in.
    finished_at BIGINT
);
