-- params: bigint
-- one
SELECT 100 / $1
