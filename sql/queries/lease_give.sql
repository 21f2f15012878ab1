-- Gives a lease back, so that the next one need not wait for its end.
-- params: text text
-- write
-- repeatable
UPDATE lease SET until = '-infinity' WHERE name = $1 AND holder = $2
