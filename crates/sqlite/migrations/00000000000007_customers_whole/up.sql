ALTER TABLE customer ADD COLUMN middle_name TEXT;
ALTER TABLE customer ADD COLUMN suffix TEXT;
ALTER TABLE customer ADD COLUMN title TEXT;
ALTER TABLE customer ADD COLUMN primary_phone TEXT;
ALTER TABLE customer ADD COLUMN secondary_email TEXT;
ALTER TABLE customer ADD COLUMN secondary_phone TEXT;
ALTER TABLE customer ADD COLUMN currency TEXT;
ALTER TABLE customer ADD COLUMN parent_id INTEGER;
ALTER TABLE customer ADD COLUMN status TEXT NOT NULL DEFAULT 'Active'
    CHECK (status IN ('Draft', 'Active', 'Hold', 'Suspended', 'Cancelled'));
ALTER TABLE customer ADD COLUMN standing TEXT NOT NULL DEFAULT 'Good'
    CHECK (standing IN ('Good', 'PoorStanding', 'Collection'));

-- How many customers there are: counting a million takes longer than a page of them.
ALTER TABLE account ADD COLUMN customers INTEGER NOT NULL DEFAULT 0;
UPDATE account SET customers = (SELECT count(*) FROM customer WHERE account_id = account.id);

-- Searched and sorted by: an empty text is as good as none, and ASCII letters are alike in either
-- case.
CREATE INDEX customer_by_first_name ON customer (account_id, coalesce(lower(first_name), ''), id);
CREATE INDEX customer_by_last_name ON customer (account_id, coalesce(lower(last_name), ''), id);
CREATE INDEX customer_by_company_name ON customer (account_id, coalesce(lower(company_name), ''), id);
CREATE INDEX customer_by_primary_email ON customer (account_id, coalesce(lower(primary_email), ''), id);
CREATE INDEX customer_by_reference ON customer (account_id, coalesce(lower(reference), ''), id);
CREATE INDEX customer_by_status ON customer (account_id, lower(status), id);
CREATE INDEX customer_by_created_at ON customer (account_id, created_at, id);
CREATE INDEX customer_by_updated_at ON customer (account_id, updated_at, id);

-- What the planner takes the table for, as ANALYZE would tell it: without, it believes that an
-- account has ten customers, and reads all of them. (Rows; of an account; of a value; of an id.)
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1 WHERE tbl = 'customer';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('customer', 'customer', '1000000 500000 1'),
    ('customer', 'customer_by_first_name', '1000000 500000 20 1'),
    ('customer', 'customer_by_last_name', '1000000 500000 20 1'),
    ('customer', 'customer_by_company_name', '1000000 500000 20 1'),
    ('customer', 'customer_by_primary_email', '1000000 500000 20 1'),
    ('customer', 'customer_by_reference', '1000000 500000 20 1'),
    ('customer', 'customer_by_status', '1000000 500000 200000 1'),
    ('customer', 'customer_by_created_at', '1000000 500000 20 1'),
    ('customer', 'customer_by_updated_at', '1000000 500000 20 1');
