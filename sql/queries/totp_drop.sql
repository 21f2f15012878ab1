-- One-time codes are off.
-- params: bigint
-- one
-- write
WITH codes AS (
    DELETE FROM account_recovery WHERE account = $1
), secret AS (
    DELETE FROM account_totp WHERE account = $1 RETURNING account, confirmed_at
)
INSERT INTO account_event (actor, account, kind)
SELECT account, account, 'totp_off' FROM secret WHERE confirmed_at IS NOT NULL
RETURNING id
