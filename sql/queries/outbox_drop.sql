-- Drops what the outbox has delivered more than $1 days ago (sql/functions/clock_v1.sql).
-- params: integer
-- one
-- write
-- repeatable
SELECT outbox_drop_v1($1)
