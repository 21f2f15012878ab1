-- Delegations that the caller gave or received, and those at the agencies that he administers: newest
-- first. $2 the last number of the page before, $3 how many; one more when there is a
-- next page.
-- params: bigint bigint integer
SELECT json_build_object(
           'id', d.id,
           'from', json_build_object('username', f.username, 'name', f.name),
           'to', json_build_object('username', t.username, 'name', t.name),
           'given', d.from_account = $1, 'received', d.to_account = $1,
           'role', d.role, 'agency', d.agency, 'agency_name', p.name,
           'procedure', d.procedure, 'procedure_name', procedure_name_v1(d.procedure),
           'valid_from', d.valid_from, 'valid_to', d.valid_to,
           'legal_basis', d.legal_basis,
           'state', CASE WHEN d.valid_to <= now() THEN 'ended'
                         WHEN d.valid_from > now() THEN 'future'
                         WHEN delegation_holds_v1(d) THEN 'in_force'
                         ELSE 'fallen' END,
           'may_end', d.valid_to > now()
                      AND (d.from_account = $1 OR admin_reaches_v1($1, d.agency, false))), d.id
FROM delegation d JOIN account f ON f.id = d.from_account JOIN account t ON t.id = d.to_account
     JOIN agency p ON p.code = d.agency
WHERE d.id < $2
  AND (d.from_account = $1 OR d.to_account = $1 OR admin_reaches_v1($1, d.agency, false))
ORDER BY d.id DESC LIMIT $3 + 1
