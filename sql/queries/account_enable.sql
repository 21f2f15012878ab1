-- $1 administrator, $2 username, $3 Idempotency-Key, $4 digest of the body.
-- params: bigint text text bytea
-- json
-- write
SELECT account_enable_v1($1, $2, $3, $4)
