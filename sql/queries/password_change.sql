-- $1 the caller, $2 the hash that was verified, $3 the new one, $4 digest of the token that stays.
-- params: bigint text text bytea
-- one
-- write
SELECT password_change_v1($1, $2, $3, $4)
