-- Which job brought a payment method in, if the last to do so was one: its undoing deletes no other.
-- No foreign key, which would look at the job for each of a million rows.
ALTER TABLE payment_method ADD COLUMN brought_in_by_job INTEGER;

UPDATE payment_method
SET brought_in_by_job = brought_in.job_id
FROM (
    SELECT import_row.account_id, payment_method_id, max(job_id) AS job_id
    FROM import_row
    JOIN import_job ON import_job.account_id = import_row.account_id AND import_job.id = job_id
    WHERE outcome IN ('imported', 'restored') AND NOT undone AND NOT dry_run
    GROUP BY import_row.account_id, payment_method_id
) AS brought_in
WHERE payment_method.account_id = brought_in.account_id
    AND payment_method.id = brought_in.payment_method_id AND deleted_at IS NULL;
