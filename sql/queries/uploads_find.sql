-- The caller's own uploads among those named, still usable.
-- params: bigint text[]
-- json
SELECT coalesce(json_agg(json_build_object('id', id, 'sha256', encode(sha256, 'hex'),
                                           'type', type, 'size', size)), '[]')
FROM document
WHERE account = $1 AND id = ANY ($2) AND (used OR created_at > now() - interval '24 hours')
