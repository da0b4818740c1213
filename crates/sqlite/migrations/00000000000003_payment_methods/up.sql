CREATE TABLE payment_method (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id            INTEGER NOT NULL,
    customer_id           INTEGER NOT NULL,
    external_customer_id  TEXT NOT NULL,
    external_card_id      TEXT NOT NULL,
    brand                 TEXT NOT NULL,
    last_four             TEXT NOT NULL CHECK (last_four GLOB '[0-9][0-9][0-9][0-9]'),
    expiry_month          INTEGER NOT NULL CHECK (expiry_month BETWEEN 1 AND 12),
    expiry_year           INTEGER NOT NULL CHECK (expiry_year BETWEEN 1970 AND 9999),
    holder_name           TEXT NOT NULL,
    address_line1         TEXT,
    address_line2         TEXT,
    city                  TEXT,
    state                 TEXT,
    postal_code           TEXT,
    country               TEXT,
    funding               TEXT NOT NULL,
    issuer_country        TEXT,
    fingerprint           TEXT,
    is_default            INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    created_at            TEXT NOT NULL,
    updated_at            TEXT NOT NULL,
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
) STRICT;

-- The same card of the same customer is one row.
CREATE UNIQUE INDEX payment_method_card
    ON payment_method (account_id, customer_id, external_card_id);

-- A customer has at most one default.
CREATE UNIQUE INDEX payment_method_default
    ON payment_method (account_id, customer_id) WHERE is_default = 1;
