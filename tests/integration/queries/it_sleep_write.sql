-- params: text
-- write
SELECT pg_sleep($1::float8)
