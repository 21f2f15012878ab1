-- params: jsonb
-- json
SELECT $1
