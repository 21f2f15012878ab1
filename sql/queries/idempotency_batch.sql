-- What a key of many actions at once was used for: place in that request, whether its body was this
-- one, the state it led to. $1 account, $2 key, $3 digest of the body. An item's own key is the
-- request's, a slash and its place.
-- params: bigint text bytea
SELECT substr(i.key, length($2) + 2)::integer, i.body_hash = $3,
       COALESCE(e.body::jsonb ->> 'state', d.state)
FROM idempotency i
JOIN dossier d ON d.id = i.dossier_id
LEFT JOIN event e ON e.dossier_id = i.dossier_id AND e.seq = i.seq
WHERE i.account = $1 AND i.key > $2 || '/' AND i.key < $2 || '0'
  AND substr(i.key, length($2) + 2) ~ '^[0-9]{1,3}$'
