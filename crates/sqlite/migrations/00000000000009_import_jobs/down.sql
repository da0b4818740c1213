-- What the table of before can't hold goes: what was deleted by no key.
ALTER TABLE payment_method RENAME TO payment_method_former;
DROP INDEX payment_method_card;
DROP INDEX payment_method_default;
DROP INDEX payment_method_of_customer;

CREATE TABLE payment_method (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id            INTEGER NOT NULL,
    customer_id           INTEGER NOT NULL,
    external_customer_id  TEXT NOT NULL,
    external_card_id      TEXT NOT NULL,
    brand                 TEXT,
    last_four             TEXT NOT NULL CHECK (length(last_four) BETWEEN 1 AND 4 AND NOT last_four GLOB '*[^0-9A-Za-z]*'),
    expiry_month          INTEGER CHECK (expiry_month BETWEEN 1 AND 12),
    expiry_year           INTEGER CHECK (expiry_year BETWEEN 1970 AND 9999),
    holder_name           TEXT NOT NULL,
    address_line1         TEXT,
    address_line2         TEXT,
    city                  TEXT,
    state                 TEXT,
    postal_code           TEXT,
    country               TEXT,
    funding               TEXT,
    issuer_country        TEXT,
    fingerprint           TEXT,
    is_default            INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    created_at            TEXT NOT NULL,
    updated_at            TEXT NOT NULL,
    kind                  TEXT NOT NULL CHECK (kind IN ('card', 'bank_account')),
    transit_last_four     TEXT,
    account_type          TEXT,
    holder_type           TEXT,
    bank_name             TEXT,
    currency              TEXT,
    verification          TEXT,
    -- A payment method that was deleted is kept: when, and by which key.
    deleted_at            TEXT,
    deleted_by            INTEGER REFERENCES api_key (id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    CHECK (kind <> 'card'
           OR (last_four GLOB '[0-9][0-9][0-9][0-9]'
               AND brand IS NOT NULL AND funding IS NOT NULL
               AND expiry_month IS NOT NULL AND expiry_year IS NOT NULL)),
    CHECK (kind <> 'bank_account' OR account_type IS NOT NULL),
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL)),
    CHECK (NOT (is_default = 1 AND deleted_at IS NOT NULL))
) STRICT;

INSERT INTO payment_method (id, account_id, customer_id, external_customer_id, external_card_id,
                            brand, last_four, expiry_month, expiry_year, holder_name, address_line1,
                            address_line2, city, state, postal_code, country, funding,
                            issuer_country, fingerprint, is_default, created_at, updated_at, kind,
                            transit_last_four, account_type, holder_type, bank_name, currency,
                            verification, deleted_at, deleted_by)
SELECT id, account_id, customer_id, external_customer_id, external_card_id, brand, last_four,
       expiry_month, expiry_year, holder_name, address_line1, address_line2, city, state,
       postal_code, country, funding, issuer_country, fingerprint, is_default, created_at,
       updated_at, kind, transit_last_four, account_type, holder_type, bank_name, currency,
       verification, deleted_at, deleted_by
FROM payment_method_former
WHERE deleted_at IS NULL OR deleted_by IS NOT NULL;

-- Ids go on where they were: none is given twice.
UPDATE sqlite_sequence
SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'payment_method_former')
WHERE name = 'payment_method'
  AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'payment_method_former');
INSERT INTO sqlite_sequence (name, seq)
SELECT 'payment_method', seq FROM sqlite_sequence
WHERE name = 'payment_method_former'
  AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'payment_method');

DROP TABLE payment_method_former;

-- The same card of the same customer is one row.
CREATE UNIQUE INDEX payment_method_card
    ON payment_method (account_id, customer_id, external_card_id);

-- A customer has at most one default.
CREATE UNIQUE INDEX payment_method_default
    ON payment_method (account_id, customer_id) WHERE is_default = 1;

-- The lists of a customer.
CREATE INDEX payment_method_of_customer
    ON payment_method (account_id, customer_id, id) WHERE deleted_at IS NULL;

DROP TABLE import_scan_piece;
DROP TABLE import_row;
DROP TABLE import_tally;
DROP TABLE import_job;
