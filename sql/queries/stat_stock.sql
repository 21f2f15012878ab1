-- The next sum of the stock (sql/functions/stat_stock_make_v1.sql): 1 made, 0 none to make yet.
-- one
-- write
-- repeatable
SELECT stat_stock_make_v1()::bigint
