CREATE TABLE customer (
    account_id     bigint NOT NULL REFERENCES account (id),
    id             bigint NOT NULL CHECK (id > 0),
    first_name     text,
    last_name      text,
    company_name   text,
    primary_email  text,
    reference      text,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
