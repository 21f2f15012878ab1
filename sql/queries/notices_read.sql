-- The account has read what is up to $2. A mark never goes back. $3 Idempotency-Key. True: it was used a
-- moment ago for another mark, and nothing was written.
-- params: bigint bigint text
-- one
-- write
-- repeatable
WITH reused AS (
    SELECT FROM notice_mark WHERE account = $1 AND key = $3 AND asked <> $2
), marked AS (
    INSERT INTO notice_mark AS m (account, up_to, seen, key, asked)
    SELECT $1, least($2, (SELECT coalesce(max(n.id), 0) FROM notice n)), pg_current_snapshot(), $3, $2
    WHERE NOT EXISTS (SELECT FROM reused)
    ON CONFLICT (account) DO UPDATE
    SET up_to = greatest(m.up_to, excluded.up_to), key = excluded.key, asked = excluded.asked,
        seen = CASE WHEN m.up_to <= excluded.up_to THEN excluded.seen ELSE m.seen END
)
SELECT EXISTS (SELECT FROM reused)
