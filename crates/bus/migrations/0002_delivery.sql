-- How far each subscriber has come.
CREATE TABLE bus_cursor (
    subscriber TEXT PRIMARY KEY,
    position BIGINT NOT NULL CHECK (position >= 0),
    updated_at BIGINT NOT NULL
);

-- Events a subscriber could not take, and those of the same aggregate that wait behind them.
-- `retry_at` is empty once the tries are used up: a person decides.
CREATE TABLE bus_parked (
    subscriber TEXT NOT NULL,
    position BIGINT NOT NULL,
    aggregate TEXT NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    retry_at BIGINT,
    reason TEXT NOT NULL,
    parked_at BIGINT NOT NULL,
    PRIMARY KEY (subscriber, position)
);

CREATE INDEX bus_parked_by_aggregate ON bus_parked (subscriber, aggregate, position);
