CREATE INDEX payment_method_of_customer
    ON payment_method (account_id, customer_id, id) WHERE deleted_at IS NULL;
