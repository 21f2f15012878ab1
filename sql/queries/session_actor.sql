-- Who holds this token, with every role and delegation in force now.
-- params: bytea
-- json
SELECT json_build_object(
    'csrf', s.csrf, 'expires_at', s.expires_at,
    'account', json_build_object('id', a.id, 'username', a.username, 'name', a.name,
                                 'kind', a.kind, 'id_number', a.id_number,
                                 'email', a.email, 'phone', a.phone,
                                 'mail_notices', a.mail_notices,
                                 'must_change', a.must_change_password,
                                 'totp', EXISTS (SELECT FROM account_totp t WHERE t.account = a.id
                                                 AND t.confirmed_at IS NOT NULL)),
    'roles', (SELECT coalesce(json_agg(json_build_object(
                  'role', g.role, 'agency', g.agency, 'below', g.below,
                  'from', g.valid_from, 'to', g.valid_to) ORDER BY g.id), '[]')
              FROM role_grant g
              WHERE g.account = a.id AND g.valid_from <= now()
                AND (g.valid_to IS NULL OR g.valid_to > now())),
    'delegations', (SELECT coalesce(json_agg(json_build_object(
                        'account', g.from_account, 'role', g.role, 'agency', g.agency,
                        'procedure', g.procedure, 'from', g.valid_from, 'to', g.valid_to,
                        'legal_basis', g.legal_basis) ORDER BY g.id), '[]')
                    FROM delegation g
                    WHERE g.to_account = a.id AND delegation_holds_v1(g)))
FROM session s JOIN account a ON a.id = s.account
WHERE s.token_hash = $1 AND s.expires_at > now() AND a.disabled_at IS NULL
