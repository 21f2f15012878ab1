-- Numbers of the notices that an account may see now, newest first, below `before`, at most `most`:
-- addressed to it, or to a role that it holds, and about a dossier that it still may see. Roles that
-- see no dossiers (administrator, post office) get theirs all the same: what is addressed to them
-- tells of deliveries. The newest of each address by its index, then the newest of all: in a busy
-- city most notices are others'. `unread`: only those that notice_mark does not cover, and no others
-- than the 10,000 numbers before it: none commits so late.
--
-- Whoever holds roles at hundreds of agencies has tens of thousands of newest ones: only as many as are
-- wanted are looked at, in their order. That is the answer unless what he has read or may not see any
-- more took up the places of an address: then every address is gone through.
CREATE OR REPLACE FUNCTION account_notices_v2(who bigint, before bigint, most integer, unread boolean)
RETURNS TABLE (id bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    up_to bigint := -1;
    above bigint := -1;
    seen pg_snapshot;
    found bigint[];
    lowest bigint; -- above it no address has more than what was looked at
BEGIN
    IF unread THEN
        SELECT coalesce(max(m.up_to), 0), coalesce(max(m.up_to), 0) - 10000 INTO up_to, above
        FROM notice_mark m WHERE m.account = who;
        SELECT m.seen INTO seen FROM notice_mark m WHERE m.account = who;
    END IF;
    WITH places AS MATERIALIZED (
        SELECT p.role, p.agency, bool_or(p.procedure IS NULL) AS whole,
               array_agg(p.procedure) AS procedures
        FROM account_places_v1(who) p GROUP BY p.role, p.agency
    ), near AS MATERIALIZED (
        SELECT p.*, x.id
        FROM places p CROSS JOIN LATERAL ( -- from the index alone
            SELECT n.id FROM notice n
            WHERE n.account IS NULL AND n.agency = p.agency AND n.role = p.role
              AND n.id < before AND n.id > above
            ORDER BY n.id DESC LIMIT most) x
    ), chosen AS (
        SELECT c.id FROM (SELECT n.* FROM near n ORDER BY n.id DESC) c
        WHERE CASE WHEN EXISTS ( -- CASE: one by one
            SELECT FROM notice n JOIN dossier d ON d.id = n.dossier_id
            WHERE n.id = c.id
              AND (n.id > up_to OR NOT pg_visible_in_snapshot(n.xid, seen))
              AND (c.whole OR d.procedure = ANY (c.procedures))
              AND (c.role IN ('admin', 'postal')
                   OR c.agency IN (d.agency_competent, d.agency_receiving, d.agency_helping)
                   OR dossier_visible_v1(who, d))) THEN true END
        LIMIT most
    )
    SELECT ARRAY(SELECT c.id FROM chosen c),
           (SELECT max(a.low) FROM (SELECT min(n.id) AS low FROM near n GROUP BY n.role, n.agency
                                    HAVING count(*) >= most) a)
    INTO found, lowest;
    IF lowest IS NOT NULL
       AND (cardinality(found) < most OR (SELECT min(f) FROM unnest(found) f) < lowest) THEN
        found := ARRAY(
            SELECT DISTINCT x.id
            FROM (SELECT p.role, p.agency, bool_or(p.procedure IS NULL) AS whole,
                         array_agg(p.procedure) AS procedures
                  FROM account_places_v1(who) p GROUP BY p.role, p.agency) p
                 CROSS JOIN LATERAL (
                SELECT n.id
                FROM notice n JOIN dossier d ON d.id = n.dossier_id
                WHERE n.account IS NULL AND n.agency = p.agency AND n.role = p.role
                  AND n.id < before AND n.id > above
                  AND (n.id > up_to OR NOT pg_visible_in_snapshot(n.xid, seen))
                  AND (p.whole OR d.procedure = ANY (p.procedures))
                  AND (p.role IN ('admin', 'postal')
                       OR p.agency IN (d.agency_competent, d.agency_receiving, d.agency_helping)
                       OR dossier_visible_v1(who, d))
                ORDER BY n.id DESC LIMIT most) x);
    END IF;
    RETURN QUERY
    SELECT f FROM unnest(found) f
    UNION
    (SELECT n.id
     FROM notice n JOIN dossier d ON d.id = n.dossier_id
     WHERE n.account = who AND n.id < before AND n.id > above
       AND (n.id > up_to OR NOT pg_visible_in_snapshot(n.xid, seen))
       AND dossier_visible_v1(who, d)
     ORDER BY n.id DESC LIMIT most)
    ORDER BY 1 DESC LIMIT most;
END
$$;
