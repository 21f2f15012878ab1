-- The next dossiers whose chains are recomputed: above id $1, at most $2; $3 not null: only these codes.
-- params: bigint integer text[]
SELECT id, code, head_seq, encode(head_hash, 'hex')
FROM dossier
WHERE id > $1 AND ($3::text[] IS NULL OR code = ANY ($3))
ORDER BY id LIMIT $2
