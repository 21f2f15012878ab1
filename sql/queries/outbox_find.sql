-- A row of the outbox at a place that the account $1 administers: its dossier, whether it is dead,
-- channel, topic, whether the dossier is there.
-- params: bigint bigint
SELECT r.dossier_id, r.dead_at IS NOT NULL, r.channel, r.topic,
       EXISTS (SELECT FROM dossier d WHERE d.id = r.dossier_id)
FROM outbox_retry r
WHERE r.id = $2 AND outbox_administered_v1($1, r.dossier_id)
