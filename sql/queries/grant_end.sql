-- $1 administrator, $2 username, $3 the role's number.
-- params: bigint text bigint
-- json
-- write
SELECT grant_end_v1($1, $2, $3)
