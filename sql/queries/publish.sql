-- params: json text json json json text json boolean
-- json
-- write
SELECT publish_v3($1, $2, $3, $4, $5, $6, $7, $8)
