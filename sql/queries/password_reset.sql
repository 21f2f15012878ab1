-- $1 administrator, $2 username, $3 hash, $4 whether one-time codes go off too, $5 Idempotency-Key, $6
-- digest of the body.
-- params: bigint text text boolean text bytea
-- json
-- write
SELECT password_reset_v1($1, $2, $3, $4, $5, $6)
