-- params: bigint bigint text text timestamptz
-- json
-- write
-- repeatable
SELECT handover_sign_v2($1, $2, $3, $4, $5)
