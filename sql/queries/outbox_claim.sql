-- params: text integer bigint[]
-- write
SELECT id, dossier_id, channel, topic, key, body, attempts, created_at, strikes, code
FROM outbox_claim_v3($1, $2, $3) ORDER BY id
