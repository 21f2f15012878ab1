-- params: bigint text
-- write
-- repeatable
UPDATE outbox_retry SET dead_at = clock_timestamp(), last_error = $2, courier = NULL WHERE id = $1
