-- The caller's notices, newest first: addressed to the account, or to a role it holds. The newest of
-- each address by its index, then the newest of all: in a busy city most notices are others'.
-- params: bigint bigint integer
-- one
WITH places AS MATERIALIZED (
    SELECT DISTINCT role, agency, procedure FROM account_places_v1($1)
), ids AS (
    (SELECT n.id FROM notice n WHERE n.account = $1 AND n.id < $2 ORDER BY n.id DESC LIMIT $3 + 1)
    UNION
    SELECT n.id
    FROM places p CROSS JOIN LATERAL (
        SELECT n.id FROM notice n
        WHERE n.account IS NULL AND n.agency = p.agency AND n.role = p.role AND n.id < $2
          AND (p.procedure IS NULL
               OR p.procedure = (SELECT d.procedure FROM dossier d WHERE d.id = n.dossier_id))
        ORDER BY n.id DESC LIMIT $3 + 1) n
), found AS (
    SELECT n.*, (SELECT d.code FROM dossier d WHERE d.id = n.dossier_id) AS code
    FROM notice n WHERE n.id = ANY (ARRAY(SELECT id FROM ids ORDER BY id DESC LIMIT $3 + 1))
), page AS (SELECT * FROM found ORDER BY id DESC LIMIT $3)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'id', id, 'kind', kind, 'code', code, 'at', at, 'body', body::json)
            ORDER BY id DESC), '[]') FROM page) AS items,
       (SELECT min(id) FROM page WHERE (SELECT count(*) FROM found) > $3)::text AS next
