-- params: bigint bigint
-- json
-- write
SELECT delegation_end_v1($1, $2)
