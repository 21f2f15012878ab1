-- Codes are on: $2 the secret that was looked at, $3 step of the code, $4 digests of the recovery
-- codes in hexadecimal. No row: they were on, or the secret is another by now.
-- params: bigint bytea bigint text[]
-- one
-- write
WITH confirmed AS (
    UPDATE account_totp SET confirmed_at = clock_timestamp(), last_step = $3
    WHERE account = $1 AND secret = $2 AND confirmed_at IS NULL
    RETURNING account
), codes AS (
    INSERT INTO account_recovery (account, code_sha256)
    SELECT account, decode(code, 'hex') FROM confirmed, unnest($4) AS code
    ON CONFLICT DO NOTHING
)
INSERT INTO account_event (actor, account, kind)
SELECT account, account, 'totp_on' FROM confirmed
RETURNING id
