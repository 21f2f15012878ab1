-- What the body of an action names: the caller's own uploads, the roles of the one assigned to, and those
-- that the caller has delegated to that one, now in force. $4: for how many hours an unused upload may be
-- named.
-- params: bigint text[] bigint integer
-- json
SELECT json_build_object(
    'uploads', (SELECT coalesce(json_agg(json_build_object('id', id, 'sha256', encode(sha256, 'hex'),
                                                           'type', type, 'size', size)), '[]')
                FROM document
                WHERE account = $1 AND id = ANY ($2)
                  AND (used OR created_at > now() - make_interval(hours => $4))),
    'grants', (SELECT coalesce(json_agg(json_build_object('role', g.role, 'agency', g.agency,
                                                          'below', g.below)), '[]')
               FROM role_grant g JOIN account a ON a.id = g.account AND a.disabled_at IS NULL
               WHERE g.account = $3 AND g.valid_from <= now()
                 AND (g.valid_to IS NULL OR g.valid_to > now())),
    'delegated', (SELECT coalesce(json_agg(json_build_object('role', d.role, 'agency', d.agency,
                                                             'procedure', d.procedure)), '[]')
                  FROM delegation d JOIN account a ON a.id = d.to_account AND a.disabled_at IS NULL
                  WHERE d.from_account = $1 AND d.to_account = $3
                    AND d.valid_from <= now() AND d.valid_to > now()))
