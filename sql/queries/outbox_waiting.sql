-- What waits for its next attempt, at places that the caller administers, oldest first. $2 after this number, $3 how many; one
-- row more than asked for tells that there is a next page.
-- params: bigint bigint integer
SELECT json_build_object(
           'id', r.id, 'channel', r.channel, 'topic', r.topic, 'dossier', d.code,
           'created_at', r.created_at, 'attempts', r.attempts, 'strikes', r.strikes,
           'next_at', r.next_at, 'dead_at', r.dead_at, 'last_error', r.last_error),
       r.id::text
FROM outbox_retry r LEFT JOIN dossier d ON d.id = r.dossier_id
WHERE r.dead_at IS NULL AND r.attempts > 0 AND r.id > $2 AND outbox_administered_v1($1, r.dossier_id)
ORDER BY r.id LIMIT $3 + 1
