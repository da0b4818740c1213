CREATE TABLE import_job (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES account (id),
    -- The account of the vault: empty for our own.
    vault         TEXT NOT NULL,
    cards         TEXT NOT NULL,
    dry_run       INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
    reading       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('receiving', 'ready', 'running', 'paused', 'finished',
                                                 'cancelled', 'undoing', 'undone')),
    halt          TEXT,
    rows          INTEGER NOT NULL,
    settled       INTEGER NOT NULL,
    canary        INTEGER,
    vault_calls   INTEGER NOT NULL,
    lease_worker  TEXT,
    lease_token   INTEGER NOT NULL DEFAULT 0,
    lease_until   TEXT,
    created_at    TEXT NOT NULL,
    started_at    TEXT,
    finished_at   TEXT,
    updated_at    TEXT NOT NULL,
    CHECK ((lease_worker IS NULL) = (lease_until IS NULL))
) STRICT;

-- The lists of an account.
CREATE INDEX import_job_of_account ON import_job (account_id);

-- An account of the vault is driven by one worker at a time.
CREATE UNIQUE INDEX import_job_vault ON import_job (vault) WHERE lease_worker IS NOT NULL;

-- What workers look for.
CREATE INDEX import_job_at_work ON import_job (id) WHERE state IN ('running', 'undoing');

CREATE TABLE import_tally (
    account_id  INTEGER NOT NULL,
    job_id      INTEGER NOT NULL REFERENCES import_job (id),
    outcome     TEXT NOT NULL,
    count       INTEGER NOT NULL,
    PRIMARY KEY (account_id, job_id, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_row (
    account_id            INTEGER NOT NULL,
    job_id                INTEGER NOT NULL,
    line                  INTEGER NOT NULL,
    part                  INTEGER NOT NULL,
    customer_id           INTEGER,
    customer_as_given     TEXT,
    external_customer_id  TEXT,
    -- Empty where a row leaves the card to the customer, so that two such rows are alike.
    external_card_id      TEXT,
    -- Whether it is worked on: neither the further part of a row, nor invalid, nor a duplicate.
    is_target             INTEGER NOT NULL CHECK (is_target IN (0, 1)),
    outcome               TEXT,
    field                 TEXT,
    detail                TEXT,
    payment_method_id     INTEGER,
    undone                INTEGER NOT NULL CHECK (undone IN (0, 1)),
    PRIMARY KEY (account_id, job_id, line, part)
) STRICT, WITHOUT ROWID;

-- No two rows that are worked on ask for the same; and the order in which they are worked on.
CREATE UNIQUE INDEX import_row_target
    ON import_row (account_id, job_id, external_customer_id, external_card_id, customer_id)
    WHERE is_target;

CREATE TABLE import_scan_piece (
    account_id      INTEGER NOT NULL,
    job_id          INTEGER NOT NULL REFERENCES import_job (id),
    id              INTEGER NOT NULL,
    from_second     INTEGER NOT NULL,
    to_second       INTEGER,
    after_customer  TEXT,
    done            INTEGER NOT NULL CHECK (done IN (0, 1)),
    PRIMARY KEY (account_id, job_id, id)
) STRICT, WITHOUT ROWID;

-- What is deleted is so by a key, or by the undoing of a job. SQLite changes no rule of a table, so
-- it is made anew.
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
    -- A payment method that was deleted is kept: when, and by which key, or the undoing of which job.
    deleted_at            TEXT,
    deleted_by            INTEGER REFERENCES api_key (id),
    deleted_by_job        INTEGER REFERENCES import_job (id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    CHECK (kind <> 'card'
           OR (last_four GLOB '[0-9][0-9][0-9][0-9]'
               AND brand IS NOT NULL AND funding IS NOT NULL
               AND expiry_month IS NOT NULL AND expiry_year IS NOT NULL)),
    CHECK (kind <> 'bank_account' OR account_type IS NOT NULL),
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL AND deleted_by_job IS NULL)),
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
FROM payment_method_former;

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

-- What the planner takes the rows for: without, it looks for those of a customer of the vault by
-- reading all of the job's. (Rows; of an account; of a job; of a customer or line; of a card.)
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('import_row', 'import_row', '1000000 500000 100000 1 1'),
    ('import_row', 'import_row_target', '1000000 500000 100000 2 1 1');
