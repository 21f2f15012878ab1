-- One migration at a time on this database; held until the connection closes.
-- write
-- one
SELECT pg_try_advisory_lock(hashtextextended('dvcd migration', 0))
