-- The account that wants to sign in, the seconds its name must wait first, and its one-time codes
-- when they are on. Always one row: without an account, or with one that may not, all but the wait is
-- null.
-- params: text
-- one
SELECT a.id, a.username, a.name, a.kind, a.password_hash, sign_in_wait_v1($1), t.secret, t.last_step
FROM (SELECT) one
     LEFT JOIN account a ON a.username = $1 AND a.disabled_at IS NULL
     LEFT JOIN account_totp t ON t.account = a.id AND t.confirmed_at IS NOT NULL
