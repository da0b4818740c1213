DROP TRIGGER audit_batch_is_not_updated;
DROP TRIGGER audit_batch_is_not_deleted;
DROP TRIGGER audit_link_is_not_updated;
DROP TRIGGER audit_link_is_not_deleted;
DROP TABLE audit_link;
DROP TABLE audit_waiting;
DROP TABLE audit_batch;

-- The program of before does not know of it.
DELETE FROM sealed_secret WHERE name = 'audit_chain';
