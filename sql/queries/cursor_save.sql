-- params: text text
-- write
-- repeatable
INSERT INTO tracking_cursor (customer, last_id, at) VALUES ($1, $2, clock_timestamp())
ON CONFLICT (customer) DO UPDATE SET last_id = excluded.last_id, at = excluded.at
WHERE tracking_cursor.last_id < excluded.last_id
