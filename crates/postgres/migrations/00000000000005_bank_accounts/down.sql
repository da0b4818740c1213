-- What the tables of before can't hold goes: bank accounts, and what was deleted.
DROP INDEX payment_method_of_customer;
DELETE FROM payment_method WHERE kind <> 'card' OR deleted_at IS NOT NULL;
ALTER TABLE payment_method
    DROP CONSTRAINT payment_method_deleted_check,
    DROP CONSTRAINT payment_method_bank_account_check,
    DROP CONSTRAINT payment_method_card_check,
    DROP CONSTRAINT payment_method_last_four_check,
    ADD CONSTRAINT payment_method_last_four_check CHECK (last_four ~ '^[0-9]{4}$'),
    ALTER COLUMN brand SET NOT NULL,
    ALTER COLUMN expiry_month SET NOT NULL,
    ALTER COLUMN expiry_year SET NOT NULL,
    ALTER COLUMN funding SET NOT NULL,
    DROP COLUMN kind,
    DROP COLUMN transit_last_four,
    DROP COLUMN account_type,
    DROP COLUMN holder_type,
    DROP COLUMN bank_name,
    DROP COLUMN currency,
    DROP COLUMN verification,
    DROP COLUMN deleted_at,
    DROP COLUMN deleted_by;
ALTER TABLE account DROP COLUMN connected_account;
