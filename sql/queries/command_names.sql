-- What the body of an action names: the caller's own uploads, and the roles of the one assigned to.
-- params: bigint text[] bigint
-- json
SELECT json_build_object(
    'uploads', (SELECT coalesce(json_agg(json_build_object('id', id, 'sha256', encode(sha256, 'hex'),
                                                           'type', type, 'size', size)), '[]')
                FROM document
                WHERE account = $1 AND id = ANY ($2)
                  AND (used OR created_at > now() - interval '24 hours')),
    'grants', (SELECT coalesce(json_agg(json_build_object('role', g.role, 'agency', g.agency,
                                                          'below', g.below)), '[]')
               FROM role_grant g JOIN account a ON a.id = g.account AND a.disabled_at IS NULL
               WHERE g.account = $3 AND g.valid_from <= now()
                 AND (g.valid_to IS NULL OR g.valid_to > now())))
