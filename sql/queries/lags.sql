-- How far the cluster's work is behind, in one row: outbox rows neither delivered nor dead and the age
-- of the oldest, dead letters, unfolded deltas, the age of the longest transaction of this login, how
-- many transactions began since the oldest one running, the age of the first due timer. Ages in
-- microseconds; counting stops at $1.
-- params: integer
WITH waiting AS (
    (SELECT o.at FROM outbox o, outbox_mark m
     WHERE (o.xid, o.id) > (m.xid, m.id) ORDER BY o.xid, o.id LIMIT $1)
    UNION ALL
    (SELECT r.created_at FROM outbox_retry r WHERE r.dead_at IS NULL ORDER BY r.id LIMIT $1)
), undelivered AS (
    SELECT count(*) AS count, min(at) AS oldest FROM waiting
), ages AS (
    SELECT clock_timestamp() - u.oldest AS outbox,
           (SELECT max(clock_timestamp() - a.xact_start) FROM pg_stat_activity a
            WHERE a.usename = current_user AND a.pid <> pg_backend_pid()) AS xact,
           (SELECT clock_timestamp() - min(t.fire_at) FROM timer t) AS timer
    FROM undelivered u
)
SELECT least(u.count, $1)::bigint,
       greatest(0, coalesce(extract(epoch FROM a.outbox) * 1000000, 0))::bigint,
       (SELECT count(*) FROM outbox_retry r WHERE r.dead_at IS NOT NULL)::bigint,
       (SELECT count(*) FROM (SELECT FROM stat_delta LIMIT $1) few)::bigint,
       greatest(0, coalesce(extract(epoch FROM a.xact) * 1000000, 0))::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
           - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       greatest(0, coalesce(extract(epoch FROM a.timer) * 1000000, 0))::bigint
FROM undelivered u, ages a
