-- Ends a row that will never be delivered and that nothing waits for: the desk that knows the person
-- is told instead, and the lane goes on.
-- params: bigint text
-- write
-- repeatable
WITH gone AS (
    DELETE FROM outbox_retry WHERE id = $1 RETURNING dossier_id, topic
)
INSERT INTO notice (account, role, agency, kind, dossier_id, body, at)
SELECT NULL, 'receiver', d.agency_receiving, 'mail_undeliverable', d.id,
       json_build_object('topic', gone.topic, 'error', $2::text)::text, clock_timestamp()
FROM gone JOIN dossier d ON d.id = gone.dossier_id
