ALTER TABLE payment_method DROP COLUMN brought_in_by_job;
