-- What the workers and the auditor may do. Run by the owner after every migration, in one transaction:
-- everything is taken away and given anew, so that a table of tomorrow has no rights by accident.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM dvcd_app, dvcd_audit;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM dvcd_app, dvcd_audit;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, dvcd_app, dvcd_audit;
GRANT USAGE ON SCHEMA public TO dvcd_app, dvcd_audit;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO dvcd_app;

-- Partitions get no rights of their own: they are reached through their table only.
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT c.oid::regclass AS name, c.relname,
               c.relname IN ('event', 'timer_fire', 'outbox', 'account_event',
                                'infection', 'paper_read', 'outbox_record', 'carrier_unread',
                                'dossier_link') AS append_only,
               c.relname IN ('schema_version', 'backup_log') AS read_only
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
          AND NOT c.relispartition
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO dvcd_app, dvcd_audit', item.name);
        IF item.append_only THEN
            EXECUTE format('GRANT INSERT ON %s TO dvcd_app', item.name);
        ELSIF NOT item.read_only THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %s TO dvcd_app', item.name);
        END IF;
    END LOOP;
END
$$;

-- The auditor sees no key, no token, no password's hash and no secret of one-time codes.
REVOKE ALL ON server_key, session, account, account_totp, account_recovery, sign_in_failure
    FROM dvcd_audit;
GRANT SELECT (id, username, name, kind, disabled_at, created_at) ON account TO dvcd_audit;

-- Our functions, not those of extensions. The auditor gets those that only read.
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT p.oid::regprocedure AS name, p.provolatile <> 'v' AND NOT p.prosecdef AS reads
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, dvcd_app, dvcd_audit', item.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO dvcd_app', item.name);
        IF item.reads THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO dvcd_audit', item.name);
        END IF;
    END LOOP;
END
$$;
