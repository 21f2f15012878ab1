-- params: bigint bigint text text boolean
-- one
-- write
SELECT outbox_settle_v1($1, $2, $3, $4, $5)
