-- Order $1 cannot be carried out at all; dossiers that wait stay where they are.
-- params: bigint text
-- write
-- repeatable
UPDATE migration_order SET ended_at = clock_timestamp(), fault = $2
WHERE id = $1 AND ended_at IS NULL
