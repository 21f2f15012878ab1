-- Accounts in the hands of administrator $1, by username: $2 folded words of the name or the username,
-- $3 kind, $4 agency where they have a role now or later, $5 the last username of the page before,
-- $6 how many. One more comes when there is a next
-- page (service/rowlist.h).
-- params: bigint text text text text integer
SELECT json_build_object(
           'username', a.username, 'name', a.name, 'kind', a.kind,
           'disabled', a.disabled_at IS NOT NULL,
           'totp', EXISTS (SELECT FROM account_totp t
                           WHERE t.account = a.id AND t.confirmed_at IS NOT NULL),
           'roles', account_roles_v1(a.id)), a.username
FROM account a
WHERE a.username > coalesce($5, '') AND a.kind <> 'system'
  AND ($2::text IS NULL OR strpos(a.name_folded, $2) > 0 OR strpos(a.username, $2) > 0)
  AND ($3::text IS NULL OR a.kind = $3)
  AND ($4::text IS NULL OR EXISTS (SELECT FROM role_grant g
                                   WHERE g.account = a.id AND g.agency = $4
                                     AND (g.valid_to IS NULL OR g.valid_to > now())))
  AND account_reach_v1($1, a.id) <> 'none'
ORDER BY a.username LIMIT $6 + 1
