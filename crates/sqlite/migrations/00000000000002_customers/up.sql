CREATE TABLE customer (
    account_id     INTEGER NOT NULL REFERENCES account (id),
    id             INTEGER NOT NULL CHECK (id > 0),
    first_name     TEXT,
    last_name      TEXT,
    company_name   TEXT,
    primary_email  TEXT,
    reference      TEXT,
    created_at     TEXT NOT NULL,
    updated_at     TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
