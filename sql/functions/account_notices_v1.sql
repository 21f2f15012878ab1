-- Numbers of the notices that an account may see now, newest first, below `before`, at most `most`:
-- addressed to it, or to a role that it holds, and about a dossier that it still may see. Roles that
-- see no dossiers (administrator, post office) get theirs all the same: what is addressed to them
-- tells of deliveries. The newest of each address by its index, then the newest of all: in a busy
-- city most notices are others'. `unread`: only those that notice_mark does not cover, and no others
-- than the 10,000 numbers before it: none commits so late.
CREATE OR REPLACE FUNCTION account_notices_v1(who bigint, before bigint, most integer, unread boolean)
RETURNS TABLE (id bigint)
LANGUAGE sql STABLE AS $$
    WITH mark AS MATERIALIZED (
        SELECT CASE WHEN unread THEN coalesce(max(m.up_to), 0) ELSE -1 END AS up_to,
               CASE WHEN unread THEN coalesce(max(m.up_to), 0) - 10000 ELSE -1 END AS above,
               (SELECT s.seen FROM notice_mark s WHERE s.account = who) AS seen
        FROM notice_mark m WHERE m.account = who
    ), places AS MATERIALIZED (
        SELECT DISTINCT p.role, p.agency, p.procedure FROM account_places_v1(who) p
    ), own AS (
        SELECT n.id
        FROM notice n JOIN dossier d ON d.id = n.dossier_id
        WHERE n.account = who AND n.id < before AND n.id > (SELECT k.above FROM mark k)
          AND (n.id > (SELECT k.up_to FROM mark k)
               OR NOT pg_visible_in_snapshot(n.xid, (SELECT k.seen FROM mark k)))
          AND dossier_visible_v1(who, d)
        ORDER BY n.id DESC LIMIT most
    ), placed AS (
        SELECT x.id
        FROM places p CROSS JOIN LATERAL (
            SELECT n.id
            FROM notice n JOIN dossier d ON d.id = n.dossier_id
            WHERE n.account IS NULL AND n.agency = p.agency AND n.role = p.role
              AND n.id < before AND n.id > (SELECT k.above FROM mark k)
              AND (n.id > (SELECT k.up_to FROM mark k)
                   OR NOT pg_visible_in_snapshot(n.xid, (SELECT k.seen FROM mark k)))
              AND (p.procedure IS NULL OR p.procedure = d.procedure)
              AND (p.role IN ('admin', 'postal') OR dossier_visible_v1(who, d))
            ORDER BY n.id DESC LIMIT most) x
    )
    SELECT o.id FROM own o UNION SELECT x.id FROM placed x ORDER BY 1 DESC LIMIT most
$$;
