-- The caller's own uploads among those named, still usable. $3: for how many hours an unused one is.
-- params: bigint text[] integer
-- json
SELECT coalesce(json_agg(json_build_object('id', id, 'sha256', encode(sha256, 'hex'),
                                           'type', type, 'size', size)), '[]')
FROM document
WHERE account = $1 AND id = ANY ($2) AND (used OR created_at > now() - make_interval(hours => $3))
