DROP INDEX customer_by_status;
CREATE INDEX customer_by_status ON customer (account_id, lower(status COLLATE "C"), id);
