-- $1 administrator, $2 username, $3 reason, $4 Idempotency-Key, $5 digest of the body.
-- params: bigint text text text bytea
-- json
-- write
SELECT account_disable_v1($1, $2, $3, $4, $5)
