-- The caller's notices, newest first, with what its texts need; whether each is read; how many are
-- not, counting to 100. $1 account, $2 before this number, $3 how many.
-- params: bigint bigint integer
-- one
WITH mark AS (
    SELECT m.up_to, m.seen FROM notice_mark m WHERE m.account = $1
), found AS MATERIALIZED (
    SELECT id FROM account_notices_v2($1, $2, $3 + 1, false)
), page AS (
    SELECT n.*, d.code, v.name AS procedure
    FROM found f JOIN notice n ON n.id = f.id JOIN dossier d ON d.id = n.dossier_id
         JOIN procedure_version v ON v.id = d.procedure_id
    ORDER BY n.id DESC LIMIT $3
)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'id', p.id, 'at', p.at, 'kind', p.kind, 'dossier', p.code, 'procedure', p.procedure,
            'body', p.body::json,
            'read', coalesce((SELECT p.id <= m.up_to AND (p.id <= m.up_to - 10000
                                         OR pg_visible_in_snapshot(p.xid, m.seen))
                              FROM mark m), false))
            ORDER BY p.id DESC), '[]') FROM page p) AS items,
       (SELECT min(id) FROM page WHERE (SELECT count(*) FROM found) > $3)::text AS next,
       (SELECT count(*) FROM account_notices_v2($1, 9223372036854775807, 100, true)) AS unread
