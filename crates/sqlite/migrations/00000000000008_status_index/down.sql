DROP INDEX customer_by_status;
CREATE INDEX customer_by_status ON customer (account_id, lower(status), id);

-- Statistics go with their index.
INSERT INTO sqlite_stat1 (tbl, idx, stat)
VALUES ('customer', 'customer_by_status', '1000000 500000 200000 1');
