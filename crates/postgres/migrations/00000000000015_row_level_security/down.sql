DROP VIEW customer_of_accounts;

DO $$
DECLARE
    named record;
BEGIN
    FOR named IN
        SELECT tablename FROM pg_policies
        WHERE schemaname = current_schema() AND policyname = 'of_accounts'
    LOOP
        EXECUTE format('DROP POLICY of_accounts ON %I', named.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', named.tablename);
    END LOOP;
END $$;
