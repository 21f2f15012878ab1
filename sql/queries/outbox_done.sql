-- params: bigint
-- write
-- repeatable
DELETE FROM outbox_retry WHERE id = $1
