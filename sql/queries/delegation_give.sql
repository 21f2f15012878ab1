-- $1 the caller, $2 the delegation, $3 Idempotency-Key, $4 digest of the body.
-- params: bigint json text bytea
-- json
-- write
SELECT delegation_give_v1($1, $2, $3, $4)
