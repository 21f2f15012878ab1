-- The account that wants to sign in; no row: there is none, or it may not.
-- params: text
-- one
SELECT id, username, name, kind, password_hash, coalesce(failed_until > now(), false)
FROM account WHERE username = $1 AND disabled_at IS NULL
