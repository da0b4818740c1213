-- What the table of before can't hold goes: what was deleted by no key.
DELETE FROM payment_method WHERE deleted_at IS NOT NULL AND deleted_by IS NULL;
ALTER TABLE payment_method
    DROP CONSTRAINT payment_method_deleted_check,
    DROP COLUMN deleted_by_job,
    ADD CONSTRAINT payment_method_deleted_check
        CHECK ((deleted_at IS NULL) = (deleted_by IS NULL) AND NOT (is_default AND deleted_at IS NOT NULL));
DROP TABLE import_scan_piece;
DROP TABLE import_row;
DROP TABLE import_tally;
DROP TABLE import_job;
