-- May this account act as administrator at `place`? By a grant of his own, never by delegation;
-- `wide`: there and at all agencies below. Nobody (null) is the operator at the machine's console,
-- who may everywhere.
CREATE OR REPLACE FUNCTION admin_reaches_v1(who bigint, place text, wide boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT who IS NULL
        OR EXISTS (SELECT FROM role_grant g JOIN account a ON a.id = g.account
                        JOIN agency top ON top.code = g.agency
                        JOIN agency p ON p.code = place
                   WHERE g.account = who AND a.disabled_at IS NULL AND g.role = 'admin'
                     AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
                     AND (g.agency = place AND (g.below OR NOT wide)
                          OR g.below AND p.path LIKE top.path || '%'))
$$;

-- Administrator of a whole tree of agencies: also for the accounts that belong to no agency.
CREATE OR REPLACE FUNCTION admin_of_all_v1(who bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT who IS NULL
        OR EXISTS (SELECT FROM agency a
                   WHERE a.parent IS NULL AND a.level <> 'post_office'
                     AND admin_reaches_v1(who, a.code, true))
$$;

-- How much of an account an administrator has in his hands: all, some or none of the places where it
-- has roles now or later; of one without any, those where it had some.
CREATE OR REPLACE FUNCTION account_reach_v1(who bigint, target bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    WITH held AS (
        SELECT agency, below, valid_to IS NULL OR valid_to > now() AS live
        FROM role_grant WHERE account = target
    ), counted AS (
        SELECT admin_reaches_v1(who, agency, below) AS whole, admin_reaches_v1(who, agency, false) AS part
        FROM held WHERE live OR NOT EXISTS (SELECT FROM held WHERE live)
    )
    SELECT CASE WHEN who IS NULL THEN 'all'
                WHEN count(*) = 0 THEN CASE WHEN admin_of_all_v1(who) THEN 'all' ELSE 'none' END
                WHEN bool_and(whole) THEN 'all'
                WHEN bool_or(part) THEN 'some'
                ELSE 'none' END
    FROM counted
$$;

-- Would a place be left without an administrator when this account loses that grant (null: all)?
CREATE OR REPLACE FUNCTION last_admin_v1(target bigint, one bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM role_grant g JOIN agency p ON p.code = g.agency
        WHERE g.account = target AND g.role = 'admin' AND (one IS NULL OR g.id = one)
          AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
          AND NOT EXISTS (
              SELECT FROM role_grant o JOIN account a ON a.id = o.account
                   JOIN agency top ON top.code = o.agency
              WHERE o.role = 'admin' AND a.disabled_at IS NULL AND o.id <> g.id
                AND (o.account <> target OR one IS NOT NULL)
                AND o.valid_from <= now() AND (o.valid_to IS NULL OR o.valid_to > now())
                AND (o.agency = g.agency AND (o.below OR NOT g.below)
                     OR o.below AND p.path LIKE top.path || '%')))
$$;

-- The account's roles now and later, as the API shows them.
CREATE OR REPLACE FUNCTION account_roles_v1(target bigint) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
        'id', g.id, 'role', g.role, 'agency', g.agency, 'agency_name', p.name, 'below', g.below,
        'from', g.valid_from, 'to', g.valid_to) ORDER BY g.id), '[]')
    FROM role_grant g JOIN agency p ON p.code = g.agency
    WHERE g.account = target AND (g.valid_to IS NULL OR g.valid_to > now())
$$;
