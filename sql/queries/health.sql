-- What tells how the service is, besides the lags: versions, connections, who holds the clock's lease,
-- couriers, what each node last read, calendars, backups, archived WAL, this login's rights.
-- json
SELECT json_build_object(
    'now', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
    'server', current_setting('server_version_num')::integer,
    'schema', (SELECT coalesce(max(version), 0) FROM schema_version),
    'connections', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    'connections_max', current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer,
    'clock', (SELECT json_build_object('holder', holder, 'alive', until > clock_timestamp())
              FROM lease WHERE name = 'clock'),
    'couriers', (SELECT count(*) FROM courier_alive WHERE until > clock_timestamp()),
    'transaction', (SELECT json_build_object('pid', pid, 'application', application_name,
                        'seconds', extract(epoch FROM clock_timestamp() - xact_start)::bigint)
                    FROM pg_stat_activity
                    WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                      AND backend_type = 'client backend'
                    ORDER BY xact_start LIMIT 1),
    'readings', (SELECT coalesce(json_agg(json_build_object('node', node, 'served', served,
                     'total', total, 'first', errors -> 0, 'seen_seconds',
                     extract(epoch FROM clock_timestamp() - seen_at)::bigint) ORDER BY node), '[]')
                 FROM config_reading),
    'calendars', (SELECT coalesce(json_agg(json_build_object('name', name, 'last_year', last_year)
                      ORDER BY name), '[]')
                  FROM (SELECT DISTINCT ON (name) name,
                               (canonical::json ->> 'last_year')::integer AS last_year
                        FROM calendar_version ORDER BY name, version DESC) newest
                  WHERE name IN (SELECT calendar FROM agency)),
    'backup', (SELECT json_build_object('folder', folder,
                   'seconds', extract(epoch FROM clock_timestamp() - finished_at)::bigint)
               FROM backup_log WHERE verified ORDER BY finished_at DESC LIMIT 1),
    'backup_failed', (SELECT NOT verified FROM backup_log ORDER BY id DESC LIMIT 1),
    'archiving', current_setting('archive_mode') <> 'off',
    'archive_failing', (SELECT last_failed_time > coalesce(last_archived_time, '-infinity')
                        FROM pg_stat_archiver),
    'archive_seconds', (SELECT extract(epoch FROM clock_timestamp() - last_archived_time)::bigint
                        FROM pg_stat_archiver),
    'superuser', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
    'owns', EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
                    AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'USAGE')),
    'changes_events', has_table_privilege('event', 'UPDATE, DELETE, TRUNCATE'),
    'database', current_database())
