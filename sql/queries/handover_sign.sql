-- params: bigint bigint text text
-- json
-- write
-- repeatable
SELECT handover_sign_v1($1, $2, $3, $4)
