-- Roles of a dvcd database, made by a superuser once per cluster; running it again changes nothing.
-- dvcd_owner owns the schema and migrates; dvcd_app is the workers' login and owns nothing;
-- dvcd_audit reads. None is a member of another.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['dvcd_owner', 'dvcd_app', 'dvcd_audit'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION'
                           ' NOBYPASSRLS', wanted);
        END IF;
    END LOOP;
END
$$;

-- A transaction of a worker that hangs would hold up every reader of committed rows.
ALTER ROLE dvcd_app SET statement_timeout = '30s';
ALTER ROLE dvcd_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE dvcd_app SET lock_timeout = '10s';
ALTER ROLE dvcd_app SET synchronous_commit = 'on';
ALTER ROLE dvcd_audit SET statement_timeout = '10min';
ALTER ROLE dvcd_audit SET idle_in_transaction_session_timeout = '1min';
ALTER ROLE dvcd_audit SET default_transaction_read_only = on;
