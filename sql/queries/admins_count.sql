-- Accounts that can sign in as administrator now.
-- one
SELECT count(*) FROM account a
WHERE a.disabled_at IS NULL AND a.password_hash IS NOT NULL
  AND EXISTS (SELECT FROM role_grant g
              WHERE g.account = a.id AND g.role = 'admin' AND g.valid_from <= now()
                AND (g.valid_to IS NULL OR g.valid_to > now()))
