-- $4: the attempt counts against the limit.
-- params: bigint timestamptz text boolean
-- write
UPDATE outbox_retry SET attempts = attempts + 1, strikes = strikes + $4::integer, next_at = $2,
    last_error = $3, courier = NULL
WHERE id = $1
