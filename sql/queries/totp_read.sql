-- The caller's one-time codes, on or offered.
-- params: bigint
-- one
SELECT secret, made_key, confirmed_at IS NOT NULL, last_step FROM account_totp WHERE account = $1
