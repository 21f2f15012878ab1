-- The caller's notices, newest first: addressed to the account, or to a role it holds.
-- params: bigint bigint integer
-- one
WITH found AS (
    SELECT n.*, d.code FROM notice n JOIN dossier d ON d.id = n.dossier_id
    WHERE (n.account = $1
           OR (n.account IS NULL AND EXISTS (
               SELECT FROM account_places_v1($1) p
               WHERE p.role = n.role AND p.agency = n.agency
                 AND (p.procedure IS NULL OR p.procedure = d.procedure))))
      AND n.id < $2
    ORDER BY n.id DESC LIMIT $3 + 1
), page AS (SELECT * FROM found ORDER BY id DESC LIMIT $3)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'id', id, 'kind', kind, 'code', code, 'at', at, 'body', body::json)
            ORDER BY id DESC), '[]') FROM page) AS items,
       (SELECT min(id) FROM page WHERE (SELECT count(*) FROM found) > $3)::text AS next
