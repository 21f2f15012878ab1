-- params: bigint bigint
-- json
-- write
-- repeatable
SELECT handover_cancel_v1($1, $2)
