-- The database's clock in microseconds, to which all workers anchor theirs.
-- one
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
