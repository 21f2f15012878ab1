-- In force now: within its time, and its giver is not disabled and still holds what he gave.
CREATE OR REPLACE FUNCTION delegation_holds_v1(d delegation) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT d.valid_from <= now() AND d.valid_to > now()
        AND EXISTS (SELECT FROM role_grant g JOIN account a ON a.id = g.account
                         JOIN agency top ON top.code = g.agency
                         JOIN agency place ON place.code = d.agency
                    WHERE g.account = d.from_account AND a.disabled_at IS NULL AND g.role = d.role
                      AND (g.agency = d.agency OR g.below AND place.path LIKE top.path || '%')
                      AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now()))
$$;

-- The agencies at which an account holds a role now, those below included where the grant says so.
-- Delegated roles count for the time they are in force; procedure null: all.
CREATE OR REPLACE FUNCTION account_places_v1(who bigint)
RETURNS TABLE (role text, agency text, procedure text)
LANGUAGE sql STABLE AS $$
    SELECT g.role, g.agency, NULL::text FROM role_grant g
    WHERE g.account = who AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
    UNION
    SELECT g.role, a.code, NULL
    FROM role_grant g JOIN agency top ON top.code = g.agency
         JOIN agency a ON a.path LIKE top.path || '%'
    WHERE g.account = who AND g.below
      AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
    UNION
    SELECT d.role, d.agency, d.procedure FROM delegation d
    WHERE d.to_account = who AND delegation_holds_v1(d)
$$;

-- May this account see this dossier? The twin of access_may_view in daemon/core/access.h: whoever
-- filed it for himself or owns it, whoever has the applicant's or owner's verified ID number, and
-- staff of an agency that takes part in it or was asked for its opinion. Post offices see parcels,
-- not dossiers; an administrator's role shows none.
CREATE OR REPLACE FUNCTION dossier_visible_v1(who bigint, d dossier) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce(d.owner_account = who, false)
        OR EXISTS (SELECT FROM account a
                   WHERE a.id = who
                     AND (a.id_number IN (d.id_number, d.owner ->> 'id_number')
                          OR d.filed_by = who AND a.kind IN ('citizen', 'portal')))
        OR EXISTS (SELECT FROM account_places_v1(who) p
                   WHERE p.role NOT IN ('postal', 'admin')
                     AND (p.procedure IS NULL OR p.procedure = d.procedure)
                     AND (p.agency IN (d.agency_competent, d.agency_receiving, d.agency_helping)
                          OR p.agency IN (SELECT t.agency FROM task t
                                          WHERE t.dossier_id = d.id)))
$$;
