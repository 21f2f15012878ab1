-- Delegations that the caller gave or received, and those at the agencies that he administers: newest
-- first. $2 the last number of the page before, $3 how many.
-- params: bigint bigint integer
-- one
WITH found AS (
    SELECT d.* FROM delegation d
    WHERE d.id < $2
      AND (d.from_account = $1 OR d.to_account = $1 OR admin_reaches_v1($1, d.agency, false))
    ORDER BY d.id DESC LIMIT $3 + 1
), page AS (SELECT * FROM found ORDER BY id DESC LIMIT $3)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'id', d.id,
            'from', json_build_object('username', f.username, 'name', f.name),
            'to', json_build_object('username', t.username, 'name', t.name),
            'given', d.from_account = $1, 'received', d.to_account = $1,
            'role', d.role, 'agency', d.agency, 'agency_name', p.name,
            'procedure', d.procedure, 'valid_from', d.valid_from, 'valid_to', d.valid_to,
            'legal_basis', d.legal_basis,
            'state', CASE WHEN d.valid_to <= now() THEN 'ended'
                          WHEN d.valid_from > now() THEN 'future'
                          WHEN delegation_holds_v1(d) THEN 'in_force'
                          ELSE 'fallen' END,
            'may_end', d.valid_to > now()
                       AND (d.from_account = $1 OR admin_reaches_v1($1, d.agency, false)))
            ORDER BY d.id DESC), '[]')
        FROM page d JOIN account f ON f.id = d.from_account JOIN account t ON t.id = d.to_account
             JOIN agency p ON p.code = d.agency) AS items,
       (SELECT CASE WHEN (SELECT count(*) FROM found) > $3 THEN min(id) END FROM page)::text AS next
