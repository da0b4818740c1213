-- What the table of before can't hold goes: bank accounts, and what was deleted.
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

INSERT INTO payment_method (id, account_id, customer_id, external_customer_id, external_card_id, brand,
                            last_four, expiry_month, expiry_year, holder_name, address_line1,
                            address_line2, city, state, postal_code, country, funding,
                            issuer_country, fingerprint, is_default, created_at, updated_at)
SELECT id, account_id, customer_id, external_customer_id, external_card_id, brand,
       last_four, expiry_month, expiry_year, holder_name, address_line1,
       address_line2, city, state, postal_code, country, funding,
       issuer_country, fingerprint, is_default, created_at, updated_at
FROM payment_method_former
WHERE kind = 'card' AND deleted_at IS NULL;

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

ALTER TABLE account DROP COLUMN connected_account;
