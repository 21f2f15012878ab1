-- The caller's password hash, and the seconds that its name must wait.
-- params: bigint
-- one
SELECT password_hash, sign_in_wait_v1(username) FROM account WHERE id = $1
