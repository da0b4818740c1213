ALTER TABLE account ADD COLUMN connected_account text;

ALTER TABLE payment_method
    ADD COLUMN kind text NOT NULL DEFAULT 'card' CHECK (kind IN ('card', 'bank_account')),
    ADD COLUMN transit_last_four text,
    ADD COLUMN account_type text,
    ADD COLUMN holder_type text,
    ADD COLUMN bank_name text,
    ADD COLUMN currency text,
    ADD COLUMN verification text,
    -- A payment method that was deleted is kept: when, and by which key.
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN deleted_by bigint REFERENCES api_key (id),
    ALTER COLUMN brand DROP NOT NULL,
    ALTER COLUMN expiry_month DROP NOT NULL,
    ALTER COLUMN expiry_year DROP NOT NULL,
    ALTER COLUMN funding DROP NOT NULL,
    DROP CONSTRAINT payment_method_last_four_check,
    ADD CONSTRAINT payment_method_last_four_check CHECK (last_four ~ '^[0-9A-Za-z]{1,4}$'),
    ADD CONSTRAINT payment_method_card_check CHECK (
        kind <> 'card'
        OR (last_four ~ '^[0-9]{4}$' AND brand IS NOT NULL AND funding IS NOT NULL
            AND expiry_month IS NOT NULL AND expiry_year IS NOT NULL)
    ),
    ADD CONSTRAINT payment_method_bank_account_check
        CHECK (kind <> 'bank_account' OR account_type IS NOT NULL),
    ADD CONSTRAINT payment_method_deleted_check
        CHECK ((deleted_at IS NULL) = (deleted_by IS NULL) AND NOT (is_default AND deleted_at IS NOT NULL));

ALTER TABLE payment_method ALTER COLUMN kind DROP DEFAULT;

-- The lists of a customer.
CREATE INDEX payment_method_of_customer
    ON payment_method (account_id, customer_id, id) WHERE deleted_at IS NULL;
