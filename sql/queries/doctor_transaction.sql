-- The oldest open transaction of anybody that has written, as a login sees it that may see all.
-- json
SELECT json_build_object('pid', pid, 'application', application_name, 'user', usename,
           'seconds', extract(epoch FROM clock_timestamp() - xact_start)::bigint)
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'
ORDER BY xact_start LIMIT 1
