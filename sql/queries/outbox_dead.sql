-- Put aside until a person decides; whoever administers the agency is told.
-- params: bigint text
-- write
-- repeatable
WITH dead AS (
    UPDATE outbox_retry SET dead_at = clock_timestamp(), last_error = $2, courier = NULL,
        attempts = attempts + 1
    WHERE id = $1 AND dead_at IS NULL
    RETURNING dossier_id, channel, topic
)
INSERT INTO notice (account, role, agency, kind, dossier_id, body, at)
SELECT NULL, 'admin', d.agency_competent, 'outbox_dead', d.id,
       json_build_object('channel', dead.channel, 'topic', dead.topic)::text, clock_timestamp()
FROM dead JOIN dossier d ON d.id = dead.dossier_id
