-- Room for the next million dossiers and messages; answers how many partitions were made.
-- write
-- repeatable
-- one
SELECT partitions_ahead_v1()
