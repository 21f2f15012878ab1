-- $1 administrator, $2 username, $3 hash, $4 whether it must be changed, $5 whether one-time codes go
-- off too, $6 Idempotency-Key, $7 digest of the body.
-- params: bigint text text boolean boolean text bytea
-- json
-- write
SELECT password_reset_v1($1, $2, $3, $4, $5, $6, $7)
