-- params: json json json json text
-- json
-- write
SELECT publish_v2($1, $2, $3, $4, $5)
