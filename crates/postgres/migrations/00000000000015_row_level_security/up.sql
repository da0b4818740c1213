-- Each of the tables says whose its rows are: in `account_id`, and accounts by their own id. A
-- role that does not own the tables sees and writes the rows of the accounts that its connection says
-- it works for, '{1,7}', or with '*' of all; without a word, of none. The owner, who migrates, passes.
--
-- The setting is read once a statement: in a sub-select it is no question of each row. It is nothing that
-- an index is looked up by, which is for what the statement itself asks for. And what IS NOT NULL the
-- planner expects of nearly all rows: so it is here, where the statement names the account, too.
--
-- Tables that come later do the same in their own migration.
DO $$
DECLARE
    wall constant text := 'nullif(
        %1$I = ANY ((SELECT nullif(nullif(
            current_setting(''cardlift.accounts'', true), ''''), ''*'')::bigint[])::bigint[])
        OR (SELECT current_setting(''cardlift.accounts'', true) = ''*''), false) IS NOT NULL';
    named record;
BEGIN
    FOR named IN
        SELECT c.relname, a.attname
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
            AND c.relname IN (
                'account', 'api_key', 'audit_batch', 'audit_link', 'audit_waiting', 'customer',
                'customer_count', 'idempotency_reply', 'import_job', 'import_row',
                'import_scan_piece', 'import_tally', 'payment_method', 'sealed_secret')
            AND a.attname = CASE c.relname WHEN 'account' THEN 'id' ELSE 'account_id' END
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', named.relname);
        EXECUTE format(
            'CREATE POLICY of_accounts ON %I USING (' || format(wall, named.attname) || ')',
            named.relname);
    END LOOP;
    -- Behind row-level security no index is searched with a function that Postgres does not know for
    -- harmless, as lower() is. A search of customers goes through this view instead, which is the
    -- owner's, and asks the same.
    EXECUTE 'CREATE VIEW customer_of_accounts AS SELECT * FROM customer WHERE '
        || format(wall, 'account_id');
END $$;
