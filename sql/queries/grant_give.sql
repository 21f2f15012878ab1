-- $1 administrator, $2 username, $3 {role, agency, below, from, to}, $4 Idempotency-Key, $5 digest.
-- params: bigint text json text bytea
-- json
-- write
SELECT grant_give_v1($1, $2, $3, $4, $5)
