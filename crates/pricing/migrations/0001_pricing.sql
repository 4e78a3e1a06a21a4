-- Price lists, promotions, and what holds for all prices. Partition key at scale: none; every node keeps a copy in
-- memory, and pricing_settings.book_version says whether it is still the newest.
CREATE TABLE pricing_list (
    id              TEXT    NOT NULL PRIMARY KEY,
    code            TEXT    NOT NULL UNIQUE CHECK (code <> ''),
    name_zh         TEXT    NOT NULL,
    name_en         TEXT    NOT NULL,
    currency        TEXT    NOT NULL,
    tax_included    BOOLEAN NOT NULL,
    audience_json   TEXT    NOT NULL,
    valid_from_at   BIGINT,
    valid_until_at  BIGINT,
    active          BOOLEAN NOT NULL,
    version         BIGINT  NOT NULL CHECK (version > 0),
    updated_at      BIGINT  NOT NULL,
    CONSTRAINT pricing_list_validity CHECK (valid_until_at > valid_from_at)
);

CREATE TABLE pricing_entry (
    list_id         TEXT    NOT NULL REFERENCES pricing_list (id),
    sku_id          TEXT    NOT NULL,
    min_quantity    BIGINT  NOT NULL CHECK (min_quantity > 0),
    amount_minor    BIGINT  NOT NULL CHECK (amount_minor >= 0),
    PRIMARY KEY (list_id, sku_id, min_quantity)
);

CREATE TABLE pricing_promotion (
    id              TEXT    NOT NULL PRIMARY KEY,
    code            TEXT    NOT NULL UNIQUE CHECK (code <> ''),
    -- What people decided about it, whole: it is read whole and never searched in.
    details_json    TEXT    NOT NULL,
    valid_until_at  BIGINT,
    active          BOOLEAN NOT NULL,
    version         BIGINT  NOT NULL CHECK (version > 0),
    updated_at      BIGINT  NOT NULL
);

-- One row.
CREATE TABLE pricing_settings (
    id              TEXT    NOT NULL PRIMARY KEY CHECK (id = 'chain'),
    settings_json   TEXT    NOT NULL,
    -- Raised by a change of the settings.
    version         BIGINT  NOT NULL,
    -- Raised by a change of anything in this domain.
    book_version    BIGINT  NOT NULL
);
INSERT INTO pricing_settings (id, settings_json, version, book_version) VALUES ('chain', '{}', 1, 1);
