-- A session, and the count of wrong passwords back to nothing.
-- params: bytea bigint text timestamptz
-- write
-- repeatable
WITH right_one AS (
    UPDATE account SET failed_count = 0, failed_until = NULL WHERE id = $2 AND failed_count > 0
)
INSERT INTO session (token_hash, account, csrf, expires_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
