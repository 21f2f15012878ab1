-- A secret that waits for its first code. $2 secret, $3 Idempotency-Key: the same key gets the same
-- secret as long as it waits. No row: codes are on already.
-- params: bigint bytea text
-- one
-- write
-- repeatable
INSERT INTO account_totp AS t (account, secret, made_key) VALUES ($1, $2, $3)
ON CONFLICT (account) DO UPDATE
SET secret = CASE WHEN t.made_key = $3 THEN t.secret ELSE excluded.secret END, made_key = $3
WHERE t.confirmed_at IS NULL
RETURNING secret
