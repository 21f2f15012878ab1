-- Seconds that a name must wait before its next sign-in; 0: none.
CREATE OR REPLACE FUNCTION sign_in_wait_v1(typed text) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT ceil(extract(epoch FROM until - now()))::integer FROM sign_in_failure
                     WHERE name_sha256 = sha256(convert_to(typed, 'UTF8')) AND until > now()), 0)
$$;

-- Counts a failure and gives the seconds that the name had to wait already: 0 when this failure was
-- one that counts. The fifth makes it wait five minutes, and each one after a wait twice as long as
-- the wait before, to four hours; a day without any is a new beginning.
CREATE OR REPLACE FUNCTION sign_in_failed_v1(typed text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    digest bytea := sha256(convert_to(typed, 'UTF8'));
    seen sign_in_failure;
    n integer;
BEGIN
    INSERT INTO sign_in_failure (name_sha256, count, last_at) VALUES (digest, 0, now())
    ON CONFLICT (name_sha256) DO NOTHING;
    SELECT * INTO seen FROM sign_in_failure WHERE name_sha256 = digest FOR UPDATE;
    IF seen.until > clock_timestamp() THEN
        RETURN ceil(extract(epoch FROM seen.until - clock_timestamp()))::integer;
    END IF;
    n := 1 + CASE WHEN greatest(seen.last_at, seen.until) < now() - interval '1 day' THEN 0
                  ELSE seen.count END;
    UPDATE sign_in_failure
    SET count = n, last_at = clock_timestamp(),
        until = CASE WHEN n >= 5
                     THEN clock_timestamp()
                          + make_interval(mins => least(240, 5 * 2 ^ least(n - 5, 10))::integer) END
    WHERE name_sha256 = digest;
    RETURN 0;
END
$$;

-- Opens a session, when nothing forbade it while the password was being looked at. `step`: of the
-- one-time code that was right, 0 none; `recovery`: digest of the recovery code that was given
-- instead. Gives ok, waits, otp_wrong or gone. May be sent again after a lost link.
CREATE OR REPLACE FUNCTION sign_in_v1(typed text, who bigint, token bytea, csrf text,
                                      ends timestamptz, step bigint, recovery bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    IF EXISTS (SELECT FROM session WHERE token_hash = token) THEN
        RETURN 'ok';
    END IF;
    PERFORM FROM account WHERE id = who AND disabled_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    PERFORM FROM sign_in_failure
    WHERE name_sha256 = sha256(convert_to(typed, 'UTF8')) AND until > clock_timestamp()
    FOR UPDATE;
    IF FOUND THEN
        RETURN 'waits';
    END IF;
    IF recovery IS NOT NULL THEN
        UPDATE account_recovery SET used_at = clock_timestamp()
        WHERE account = who AND code_sha256 = recovery AND used_at IS NULL;
    ELSIF step > 0 THEN
        UPDATE account_totp SET last_step = step
        WHERE account = who AND last_step < step AND confirmed_at IS NOT NULL;
    ELSE
        PERFORM WHERE NOT EXISTS (SELECT FROM account_totp
                                  WHERE account = who AND confirmed_at IS NOT NULL);
    END IF;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n = 0 THEN
        RETURN 'otp_wrong';
    END IF;
    DELETE FROM sign_in_failure WHERE name_sha256 = sha256(convert_to(typed, 'UTF8'));
    INSERT INTO session (token_hash, account, csrf, expires_at) VALUES (token, who, csrf, ends);
    RETURN 'ok';
END
$$;
