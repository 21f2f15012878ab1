-- params: text integer
-- write
SELECT id, dossier_id, channel, topic, key, body, attempts, created_at
FROM outbox_claim_v1($1, $2) ORDER BY id
