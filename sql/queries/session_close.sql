-- params: bytea
-- write
-- repeatable
DELETE FROM session WHERE token_hash = $1
