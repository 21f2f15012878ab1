-- params: bigint timestamptz text
-- write
UPDATE outbox_retry SET attempts = attempts + 1, next_at = $2, last_error = $3, courier = NULL
WHERE id = $1
