-- The account has read what is up to $2. A mark never goes back.
-- params: bigint bigint
-- write
-- repeatable
INSERT INTO notice_mark AS m (account, up_to, seen)
VALUES ($1, least($2, (SELECT coalesce(max(n.id), 0) FROM notice n)), pg_current_snapshot())
ON CONFLICT (account) DO UPDATE SET up_to = excluded.up_to, seen = excluded.seen
WHERE m.up_to <= excluded.up_to
