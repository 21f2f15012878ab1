-- One account in the hands of administrator $1, with what was done to it, newest first. ID number and
-- contact data are shown to whoever may change the account.
-- params: bigint text
-- json
SELECT json_build_object(
    'username', a.username, 'name', a.name, 'kind', a.kind,
    'disabled', a.disabled_at IS NOT NULL, 'disabled_at', a.disabled_at,
    'disabled_reason', a.disabled_reason, 'created_at', a.created_at,
    'must_change_password', a.must_change_password,
    'totp', EXISTS (SELECT FROM account_totp t
                    WHERE t.account = a.id AND t.confirmed_at IS NOT NULL),
    'waits_until', (SELECT f.until FROM sign_in_failure f
                    WHERE f.name_sha256 = sha256(convert_to(a.username, 'UTF8'))
                      AND f.until > now()),
    'phone', CASE WHEN r.reach = 'all' THEN a.phone END,
    'email', CASE WHEN r.reach = 'all' THEN a.email END,
    'id_number_verified', a.id_number IS NOT NULL,
    'editable', r.reach = 'all',
    'roles', account_roles_v1(a.id),
    'events', (SELECT coalesce(json_agg(json_build_object(
                   'at', e.at, 'kind', e.kind, 'by', b.username, 'role', e.body ->> 'role',
                   'agency', e.body ->> 'agency', 'reason', e.body ->> 'reason')
                   ORDER BY e.id DESC), '[]')
               FROM (SELECT * FROM account_event WHERE account = a.id ORDER BY id DESC LIMIT 100) e
                    LEFT JOIN account b ON b.id = e.actor))
FROM account a CROSS JOIN LATERAL (SELECT account_reach_v1($1, a.id) AS reach) r
WHERE a.username = $2 AND a.kind <> 'system' AND r.reach <> 'none'
