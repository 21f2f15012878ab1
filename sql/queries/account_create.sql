-- $1 administrator, $2 the account, $3 hash of its password (null: none yet), $4 create or register, $5
-- Idempotency-Key, $6 digest of the body.
-- params: bigint json text text text bytea
-- json
-- write
SELECT account_create_v1($1, $2, $3, $4, $5, $6)
