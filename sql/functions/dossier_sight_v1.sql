-- How an account sees a dossier: 'desk' works at one of its agencies or on one of its open tasks,
-- 'own' filed or owns it, 'masked' may see it without personal data (auditor); null: not at all. The
-- twin of view_masked in daemon/service/view.h.
CREATE OR REPLACE FUNCTION dossier_sight_v1(who bigint, d dossier) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN NOT dossier_visible_v1(who, d) THEN NULL
        WHEN EXISTS (SELECT FROM account_places_v1(who) p
                     WHERE p.role IN ('receiver', 'officer', 'unit_head', 'leader', 'clerk', 'cashier')
                       AND (p.procedure IS NULL OR p.procedure = d.procedure)
                       AND (p.agency IN (d.agency_competent, d.agency_receiving, d.agency_helping)
                            OR EXISTS (SELECT FROM task t
                                       WHERE t.dossier_id = d.id AND t.state = 'open'
                                         AND t.agency = p.agency AND t.role = p.role))) THEN 'desk'
        WHEN coalesce(d.owner_account = who, false)
             OR EXISTS (SELECT FROM account a
                        WHERE a.id = who
                          AND (a.id_number IN (d.id_number, d.owner ->> 'id_number')
                               OR d.filed_by = who AND a.kind IN ('citizen', 'portal'))) THEN 'own'
        ELSE 'masked' END
$$;
