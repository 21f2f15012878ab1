-- Gives a role for a time: by its holder, or for him by an administrator of that agency. `given` {to,
-- from, role, agency, procedure, valid_from, valid_to, legal_basis}; longer than a year it would be
-- a role. {"fault"} or {"id"}.
CREATE OR REPLACE FUNCTION delegation_give_v1(who bigint, given json, idem text, digest bytea)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    outcome json;
    giver account;
    taker account;
    made bigint;
    starts timestamptz := coalesce((given ->> 'valid_from')::timestamptz, now());
    ends timestamptz := (given ->> 'valid_to')::timestamptz;
BEGIN
    PERFORM account_lock_v1();
    outcome := account_again_v1(who, idem, digest);
    IF outcome IS NOT NULL THEN
        RETURN outcome;
    END IF;
    SELECT * INTO taker FROM account
    WHERE username = given ->> 'to' AND kind = 'staff' AND disabled_at IS NULL;
    IF given ->> 'from' IS NULL THEN
        SELECT * INTO giver FROM account WHERE id = who;
    ELSE
        SELECT * INTO giver FROM account
        WHERE username = given ->> 'from' AND disabled_at IS NULL
          AND (id = who OR admin_reaches_v1(who, given ->> 'agency', false));
        IF giver.id IS NULL THEN
            RETURN json_build_object('fault', 'from_beyond');
        END IF;
    END IF;
    IF taker.id IS NULL THEN
        RETURN json_build_object('fault', 'to_unknown');
    ELSIF taker.id = giver.id THEN
        RETURN json_build_object('fault', 'to_self');
    ELSIF given ->> 'role' = 'admin' THEN
        RETURN json_build_object('fault', 'role_admin');
    ELSIF starts >= ends OR ends <= now() OR ends > starts + interval '366 days'
          OR starts > now() + interval '366 days' THEN
        RETURN json_build_object('fault', 'valid_to');
    ELSIF given ->> 'procedure' IS NOT NULL
          AND NOT EXISTS (SELECT FROM procedure_version WHERE code = given ->> 'procedure') THEN
        RETURN json_build_object('fault', 'procedure_unknown');
    ELSIF NOT EXISTS (
        SELECT FROM role_grant g JOIN agency top ON top.code = g.agency
             JOIN agency place ON place.code = given ->> 'agency'
        WHERE g.account = giver.id AND g.role = given ->> 'role'
          AND (g.agency = place.code OR g.below AND place.path LIKE top.path || '%')
          AND g.valid_from <= greatest(now(), starts)
          AND (g.valid_to IS NULL OR g.valid_to > greatest(now(), starts))) THEN
        RETURN json_build_object('fault', 'not_held');
    END IF;
    INSERT INTO delegation (from_account, to_account, role, agency, procedure, valid_from, valid_to,
                            legal_basis)
    VALUES (giver.id, taker.id, given ->> 'role', given ->> 'agency', given ->> 'procedure', starts,
            ends, given ->> 'legal_basis')
    RETURNING id INTO made;
    INSERT INTO account_event (actor, account, kind, body, key, body_sha256)
    VALUES (who, taker.id, 'delegate',
            given::jsonb || jsonb_build_object('id', made, 'from', giver.username), idem, digest);
    RETURN json_build_object('id', made);
END
$$;

-- Ends it now; one that has not begun never was. Its giver, or an administrator of that agency.
CREATE OR REPLACE FUNCTION delegation_end_v1(who bigint, number bigint) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    d delegation;
BEGIN
    PERFORM account_lock_v1();
    SELECT * INTO d FROM delegation
    WHERE id = number AND valid_to > now()
      AND (from_account = who OR to_account = who OR admin_reaches_v1(who, agency, false));
    IF d.id IS NULL THEN
        RETURN json_build_object('fault', 'not_found');
    ELSIF d.from_account <> who AND NOT admin_reaches_v1(who, d.agency, false) THEN
        RETURN json_build_object('fault', 'giver_only');
    END IF;
    IF d.valid_from >= now() THEN
        DELETE FROM delegation WHERE id = number;
    ELSE
        UPDATE delegation SET valid_to = now() WHERE id = number;
    END IF;
    INSERT INTO account_event (actor, account, kind, body)
    VALUES (who, d.to_account, 'delegation_end', jsonb_build_object(
        'id', number, 'from', d.from_account, 'role', d.role, 'agency', d.agency,
        'procedure', d.procedure, 'valid_from', d.valid_from, 'valid_to', d.valid_to));
    RETURN json_build_object('id', number);
END
$$;
