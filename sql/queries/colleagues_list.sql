-- Whom a task can be given to or a role delegated to: who has a role now at an agency where the caller
-- has one. $2 agency, $3 role, $4 folded words, $5 the last username of the page before, $6 how
-- many; one more when there is a next page.
-- params: bigint text text text text integer
WITH places AS MATERIALIZED (SELECT DISTINCT agency FROM account_places_v1($1)),
held AS MATERIALIZED (
    SELECT g.account, g.role, g.agency FROM role_grant g
    WHERE g.agency IN (SELECT agency FROM places)
      AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
      AND ($2::text IS NULL OR g.agency = $2) AND ($3::text IS NULL OR g.role = $3)
)
SELECT json_build_object(
           'id', a.id, 'username', a.username, 'name', a.name,
           'roles', (SELECT json_agg(json_build_object('role', h.role, 'agency', h.agency)
                                     ORDER BY h.agency, h.role)
                     FROM held h WHERE h.account = a.id)), a.username
FROM account a
WHERE a.id IN (SELECT account FROM held) AND a.disabled_at IS NULL AND a.kind = 'staff'
  AND a.username > coalesce($5, '')
  AND ($4::text IS NULL OR strpos(a.name_folded, $4) > 0 OR strpos(a.username, $4) > 0)
ORDER BY a.username LIMIT $6 + 1
