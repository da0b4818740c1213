ALTER TABLE customer
    ADD COLUMN middle_name text,
    ADD COLUMN suffix text,
    ADD COLUMN title text,
    ADD COLUMN primary_phone text,
    ADD COLUMN secondary_email text,
    ADD COLUMN secondary_phone text,
    ADD COLUMN currency text,
    ADD COLUMN parent_id bigint,
    ADD COLUMN status text NOT NULL DEFAULT 'Active'
        CHECK (status IN ('Draft', 'Active', 'Hold', 'Suspended', 'Cancelled')),
    ADD COLUMN standing text NOT NULL DEFAULT 'Good'
        CHECK (standing IN ('Good', 'PoorStanding', 'Collection')),
    ADD FOREIGN KEY (account_id, parent_id) REFERENCES customer (account_id, id);

ALTER TABLE customer ALTER COLUMN status DROP DEFAULT, ALTER COLUMN standing DROP DEFAULT;

-- How many customers there are: counting a million takes longer than a page of them.
ALTER TABLE account ADD COLUMN customers bigint NOT NULL DEFAULT 0;
UPDATE account SET customers = (SELECT count(*) FROM customer WHERE account_id = account.id);

-- Searched and sorted by: an empty text is as good as none, and ASCII letters are alike in either
-- case. Collation "C" compares bytes, as SQLite does.
CREATE INDEX customer_by_first_name
    ON customer (account_id, coalesce(lower(first_name COLLATE "C"), ''), id);
CREATE INDEX customer_by_last_name
    ON customer (account_id, coalesce(lower(last_name COLLATE "C"), ''), id);
CREATE INDEX customer_by_company_name
    ON customer (account_id, coalesce(lower(company_name COLLATE "C"), ''), id);
CREATE INDEX customer_by_primary_email
    ON customer (account_id, coalesce(lower(primary_email COLLATE "C"), ''), id);
CREATE INDEX customer_by_reference
    ON customer (account_id, coalesce(lower(reference COLLATE "C"), ''), id);
CREATE INDEX customer_by_status ON customer (account_id, lower(status COLLATE "C"), id);
CREATE INDEX customer_by_created_at ON customer (account_id, created_at, id);
CREATE INDEX customer_by_updated_at ON customer (account_id, updated_at, id);
CREATE INDEX customer_by_parent ON customer (account_id, parent_id) WHERE parent_id IS NOT NULL;
