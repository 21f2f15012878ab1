-- Writes about accounts. Each answers with JSON: {"fault": code, ...} and nothing was written, or what
-- came of it. `who` is the administrator, null the operator by dvcctl; `idem` and `digest` the
-- Idempotency-Key and the body's SHA-256: the same again finds the first outcome.

-- Null: new. {"fault": "key_reused"}, or the first outcome.
CREATE OR REPLACE FUNCTION account_again_v1(who bigint, idem text, digest bytea) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN e.body_sha256 IS DISTINCT FROM digest THEN json_build_object('fault', 'key_reused')
                ELSE json_build_object('again', true, 'id', e.body -> 'id', 'username', a.username) END
    FROM account_event e JOIN account a ON a.id = e.account
    WHERE e.actor = who AND e.key = idem
$$;

-- Administrators' writes are few: one at a time, so that two cannot take the last grant from each
-- other and a key sent twice at once is found.
CREATE OR REPLACE FUNCTION account_lock_v1() RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtextextended('dvcd account', 0)) $$;

-- The account of that name, for the one who wants to change it: {"fault"} or {"id"}.
CREATE OR REPLACE FUNCTION account_target_v1(who bigint, name_of text) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT CASE account_reach_v1(who, a.id)
               WHEN 'all' THEN json_build_object('id', a.id)
               WHEN 'some' THEN json_build_object('fault', 'beyond')
               ELSE json_build_object('fault', 'not_found') END
        FROM account a WHERE a.username = name_of), '{"fault": "not_found"}')
$$;

-- Why this role may not be given, or null.
CREATE OR REPLACE FUNCTION grant_fault_v1(who bigint, target bigint, given json) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM agency WHERE code = given ->> 'agency') THEN 'agency_unknown'
        WHEN NOT admin_reaches_v1(who, given ->> 'agency', coalesce((given ->> 'below')::boolean, false))
            THEN 'agency_beyond'
        WHEN ((given ->> 'role') = 'postal')
             <> ((SELECT level FROM agency WHERE code = given ->> 'agency') = 'post_office')
             AND (given ->> 'role') NOT IN ('admin', 'auditor') THEN 'role_place'
        WHEN coalesce((given ->> 'to')::timestamptz <= greatest(now(), (given ->> 'from')::timestamptz),
                      false) THEN 'dates'
        WHEN EXISTS (SELECT FROM role_grant g
                     WHERE g.account = target AND g.role = given ->> 'role'
                       AND g.agency = given ->> 'agency'
                       AND g.below = coalesce((given ->> 'below')::boolean, false)
                       AND g.valid_from <= coalesce((given ->> 'from')::timestamptz, now())
                       AND (g.valid_to IS NULL OR g.valid_to > coalesce((given ->> 'to')::timestamptz, 'infinity')
                            OR g.valid_to = (given ->> 'to')::timestamptz))
            THEN 'granted' END
$$;

CREATE OR REPLACE FUNCTION grant_put_v1(target bigint, given json) RETURNS bigint
LANGUAGE sql AS $$
    INSERT INTO role_grant (account, role, agency, below, valid_from, valid_to)
    VALUES (target, given ->> 'role', given ->> 'agency',
            coalesce((given ->> 'below')::boolean, false),
            coalesce((given ->> 'from')::timestamptz, now()), (given ->> 'to')::timestamptz)
    RETURNING id
$$;

-- `spec` {username, name, kind, phone, email, id_number, claimed: bool, must_change: bool, roles}.
-- A fault of a role has its index as "at". `kind_of` is the event's: create or register.
CREATE OR REPLACE FUNCTION account_create_v1(who bigint, spec json, hash text, kind_of text,
                                             idem text, digest bytea) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    outcome json;
    made bigint;
    one json;
    wrong text;
    at integer := 0;
    claimed boolean := coalesce((spec ->> 'claimed')::boolean, false);
BEGIN
    IF kind_of <> 'register' THEN
        PERFORM account_lock_v1();
        outcome := account_again_v1(who, idem, digest);
        IF outcome IS NOT NULL THEN
            RETURN outcome;
        END IF;
        IF spec ->> 'kind' <> 'staff' OR json_array_length(coalesce(spec -> 'roles', '[]')) = 0 THEN
            IF NOT admin_of_all_v1(who) THEN
                RETURN json_build_object('fault', CASE WHEN spec ->> 'kind' = 'staff'
                                                       THEN 'roles_needed' ELSE 'kind_beyond' END);
            END IF;
        END IF;
    END IF;
    IF NOT claimed AND EXISTS (SELECT FROM account WHERE id_number = spec ->> 'id_number') THEN
        RETURN json_build_object('fault', 'id_number_exists');
    END IF;
    INSERT INTO account (username, name, kind, password_hash, id_number, id_number_claimed, phone,
                         email, must_change_password)
    VALUES (spec ->> 'username', spec ->> 'name', spec ->> 'kind', hash,
            CASE WHEN NOT claimed THEN spec ->> 'id_number' END,
            CASE WHEN claimed THEN spec ->> 'id_number' END,
            spec ->> 'phone', spec ->> 'email', coalesce((spec ->> 'must_change')::boolean, false))
    ON CONFLICT (username) DO NOTHING
    RETURNING id INTO made;
    IF made IS NULL THEN
        -- Who opens an account has none yet that the key could be of: it is of the one it opened.
        IF kind_of = 'register' THEN
            outcome := account_again_v1((SELECT id FROM account WHERE username = spec ->> 'username'),
                                        idem, digest);
        END IF;
        RETURN coalesce(outcome, json_build_object('fault', 'username_exists'));
    END IF;
    FOR one IN SELECT * FROM json_array_elements(coalesce(spec -> 'roles', '[]')) LOOP
        wrong := CASE WHEN spec ->> 'kind' <> 'staff' THEN 'kind_roles'
                      ELSE grant_fault_v1(who, made, one) END;
        IF wrong IS NOT NULL THEN
            DELETE FROM role_grant WHERE account = made;
            DELETE FROM account WHERE id = made;
            RETURN json_build_object('fault', wrong, 'at', at);
        END IF;
        PERFORM grant_put_v1(made, one);
        at := at + 1;
    END LOOP;
    INSERT INTO account_event (actor, account, kind, body, key, body_sha256)
    VALUES (CASE WHEN kind_of = 'register' THEN made ELSE who END, made, kind_of,
            jsonb_build_object('id', made, 'kind', spec ->> 'kind',
                               'roles', coalesce(spec -> 'roles', '[]')::jsonb), idem, digest);
    RETURN json_build_object('id', made, 'username', spec ->> 'username');
END
$$;

-- A new password. Sessions end but the one of token `keep`; nobody need wait for the old one's
-- failures any more.
CREATE OR REPLACE FUNCTION password_put_v1(target bigint, hash text, must_change boolean, keep bytea)
RETURNS void
LANGUAGE sql AS $$
    UPDATE account SET password_hash = hash, must_change_password = must_change WHERE id = target;
    DELETE FROM session WHERE account = target AND token_hash IS DISTINCT FROM keep;
    DELETE FROM sign_in_failure
    WHERE name_sha256 = (SELECT sha256(convert_to(username, 'UTF8')) FROM account WHERE id = target);
$$;

-- The holder's own change; false when the password changed since `old_hash` was read.
CREATE OR REPLACE FUNCTION password_change_v1(who bigint, old_hash text, hash text, keep bytea)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM account WHERE id = who AND password_hash = old_hash FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM password_put_v1(who, hash, false, keep);
    INSERT INTO account_event (actor, account, kind) VALUES (who, who, 'password');
    RETURN true;
END
$$;

-- An administrator's. It also turns one-time codes off when `no_codes`: the telephone was lost.
CREATE OR REPLACE FUNCTION password_reset_v1(who bigint, name_of text, hash text, must_change boolean,
                                             no_codes boolean, idem text, digest bytea)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    outcome json;
    target bigint;
BEGIN
    PERFORM account_lock_v1();
    outcome := coalesce(account_again_v1(who, idem, digest), account_target_v1(who, name_of));
    IF outcome ->> 'fault' IS NOT NULL OR outcome ->> 'again' IS NOT NULL THEN
        RETURN outcome;
    END IF;
    target := (outcome ->> 'id')::bigint;
    IF target = who THEN
        RETURN json_build_object('fault', 'self');
    END IF;
    PERFORM password_put_v1(target, hash, must_change, NULL);
    IF no_codes THEN
        DELETE FROM account_recovery WHERE account = target;
        DELETE FROM account_totp WHERE account = target;
    END IF;
    INSERT INTO account_event (actor, account, kind, body, key, body_sha256)
    VALUES (who, target, 'password_reset', jsonb_build_object('totp_off', no_codes), idem, digest);
    RETURN json_build_object('username', name_of);
END
$$;

CREATE OR REPLACE FUNCTION account_disable_v1(who bigint, name_of text, why text, idem text,
                                              digest bytea) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    outcome json;
    target bigint;
BEGIN
    PERFORM account_lock_v1();
    outcome := coalesce(account_again_v1(who, idem, digest), account_target_v1(who, name_of));
    IF outcome ->> 'fault' IS NOT NULL OR outcome ->> 'again' IS NOT NULL THEN
        RETURN outcome;
    END IF;
    target := (outcome ->> 'id')::bigint;
    IF target = who THEN
        RETURN json_build_object('fault', 'self');
    ELSIF last_admin_v1(target, NULL) THEN
        RETURN json_build_object('fault', 'last_admin');
    END IF;
    UPDATE account SET disabled_at = clock_timestamp(), disabled_reason = why
    WHERE id = target AND disabled_at IS NULL;
    IF NOT FOUND THEN
        RETURN json_build_object('fault', 'disabled');
    END IF;
    DELETE FROM session WHERE account = target;
    INSERT INTO account_event (actor, account, kind, body, key, body_sha256)
    VALUES (who, target, 'disable', jsonb_build_object('reason', why), idem, digest);
    RETURN json_build_object('username', name_of);
END
$$;

CREATE OR REPLACE FUNCTION account_enable_v1(who bigint, name_of text, idem text, digest bytea)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    outcome json;
    target bigint;
BEGIN
    PERFORM account_lock_v1();
    outcome := coalesce(account_again_v1(who, idem, digest), account_target_v1(who, name_of));
    IF outcome ->> 'fault' IS NOT NULL OR outcome ->> 'again' IS NOT NULL THEN
        RETURN outcome;
    END IF;
    target := (outcome ->> 'id')::bigint;
    UPDATE account SET disabled_at = NULL, disabled_reason = NULL
    WHERE id = target AND disabled_at IS NOT NULL;
    IF NOT FOUND THEN
        RETURN json_build_object('fault', 'enabled');
    END IF;
    DELETE FROM sign_in_failure WHERE name_sha256 = sha256(convert_to(name_of, 'UTF8'));
    INSERT INTO account_event (actor, account, kind, key, body_sha256)
    VALUES (who, target, 'enable', idem, digest);
    RETURN json_build_object('username', name_of);
END
$$;

-- A role more. An account that works elsewhere too may be given one here.
CREATE OR REPLACE FUNCTION grant_give_v1(who bigint, name_of text, given json, idem text,
                                         digest bytea) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    outcome json;
    target bigint;
    wrong text;
    made bigint;
BEGIN
    PERFORM account_lock_v1();
    outcome := account_again_v1(who, idem, digest);
    IF outcome IS NOT NULL THEN
        RETURN outcome;
    END IF;
    SELECT id INTO target FROM account WHERE username = name_of AND kind = 'staff';
    IF target IS NULL THEN
        RETURN json_build_object('fault', CASE
            WHEN EXISTS (SELECT FROM account WHERE username = name_of) AND admin_of_all_v1(who)
            THEN 'kind_roles' ELSE 'not_found' END);
    END IF;
    wrong := grant_fault_v1(who, target, given);
    IF wrong IS NOT NULL THEN
        RETURN json_build_object('fault', wrong);
    END IF;
    made := grant_put_v1(target, given);
    INSERT INTO account_event (actor, account, kind, body, key, body_sha256)
    VALUES (who, target, 'grant', given::jsonb || jsonb_build_object('id', made), idem, digest);
    RETURN json_build_object('id', made);
END
$$;

CREATE OR REPLACE FUNCTION grant_end_v1(who bigint, name_of text, number bigint) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    held role_grant;
BEGIN
    PERFORM account_lock_v1();
    SELECT g.* INTO held FROM role_grant g JOIN account a ON a.id = g.account
    WHERE a.username = name_of AND g.id = number AND (g.valid_to IS NULL OR g.valid_to > now());
    IF held.id IS NULL OR NOT admin_reaches_v1(who, held.agency, false) THEN
        RETURN json_build_object('fault', 'not_found');
    ELSIF NOT admin_reaches_v1(who, held.agency, held.below) THEN
        RETURN json_build_object('fault', 'beyond');
    ELSIF last_admin_v1(held.account, held.id) THEN
        RETURN json_build_object('fault', 'last_admin');
    END IF;
    UPDATE role_grant SET valid_to = now() WHERE id = number;
    INSERT INTO account_event (actor, account, kind, body)
    VALUES (who, held.account, 'revoke',
            jsonb_build_object('id', number, 'role', held.role, 'agency', held.agency));
    RETURN json_build_object('id', number);
END
$$;
