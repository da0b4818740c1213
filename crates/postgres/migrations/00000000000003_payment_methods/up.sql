CREATE TABLE payment_method (
    account_id            bigint NOT NULL,
    id                    bigint GENERATED ALWAYS AS IDENTITY,
    customer_id           bigint NOT NULL,
    external_customer_id  text NOT NULL,
    external_card_id      text NOT NULL,
    brand                 text NOT NULL,
    last_four             text NOT NULL CHECK (last_four ~ '^[0-9]{4}$'),
    expiry_month          smallint NOT NULL CHECK (expiry_month BETWEEN 1 AND 12),
    expiry_year           smallint NOT NULL CHECK (expiry_year BETWEEN 1970 AND 9999),
    holder_name           text NOT NULL,
    address_line1         text,
    address_line2         text,
    city                  text,
    state                 text,
    postal_code           text,
    country               text,
    funding               text NOT NULL,
    issuer_country        text,
    fingerprint           text,
    is_default            boolean NOT NULL,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

-- The same card of the same customer is one row.
CREATE UNIQUE INDEX payment_method_card
    ON payment_method (account_id, customer_id, external_card_id);

-- A customer has at most one default.
CREATE UNIQUE INDEX payment_method_default
    ON payment_method (account_id, customer_id) WHERE is_default;
