-- params: bigint
-- write
-- repeatable
UPDATE outbox_retry SET courier = NULL WHERE id = $1
