-- Room for the next $1 dossiers and outbox rows (sql/functions/clock_v1.sql).
-- params: bigint
-- one
-- write
-- repeatable
SELECT partitions_ahead_v1($1)
