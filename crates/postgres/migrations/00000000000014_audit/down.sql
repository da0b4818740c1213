DROP TABLE audit_link;
DROP TABLE audit_waiting;
DROP TABLE audit_batch;
DROP FUNCTION audit_is_append_only;

-- The program of before does not know of it.
DELETE FROM sealed_secret WHERE name = 'audit_chain';
