-- A session, and the count of failures back to nothing.
-- params: text bigint bytea text timestamptz bigint bytea
-- one
-- write
-- repeatable
SELECT sign_in_v1($1, $2, $3, $4, $5, $6, $7), sign_in_wait_v1($1)
