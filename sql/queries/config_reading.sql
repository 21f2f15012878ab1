-- A node's last reading: when, in microseconds since 1970, whether served, errors in all.
-- params: text
-- one
SELECT (extract(epoch FROM at) * 1000000)::bigint, served, total FROM config_reading WHERE node = $1
