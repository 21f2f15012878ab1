-- params: text
-- one
SELECT last_id FROM tracking_cursor WHERE customer = $1
