-- What a key was used for first: digest of the body, dossier, last event of that change, code.
-- params: bigint text
-- one
SELECT i.body_hash, i.dossier_id, i.seq, d.code
FROM idempotency i JOIN dossier d ON d.id = i.dossier_id
WHERE i.account = $1 AND i.key = $2
