-- $6 and $7: Idempotency-Key and digest of the request, for the record; null: none.
-- params: bigint bigint text text boolean text bytea
-- one
-- write
SELECT outbox_settle_v2($1, $2, $3, $4, $5, $6, $7)
