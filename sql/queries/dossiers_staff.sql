-- The dossiers of the caller's agencies. $2 words without marks or null, $3 the same text as typed (a
-- code, phone or ID number), $4 state, $5 agency, $6 procedure, $7 before this id, $8 how many,
-- $9 {state: its name}.
-- A post office's role and an administrator's show no dossiers. Whoever sees a dossier
-- masked does not find it by what is masked.
-- params: bigint text text text text text bigint integer json
-- one
WITH places AS MATERIALIZED (
    SELECT DISTINCT agency FROM account_places_v1($1)
    WHERE role NOT IN ('postal', 'admin') AND ($5::text IS NULL OR agency = $5)
), desks AS MATERIALIZED (
    SELECT agency, procedure FROM account_places_v1($1)
    WHERE role NOT IN ('postal', 'admin', 'auditor')
), found AS (
    SELECT d.*, m.masked
    FROM dossier d CROSS JOIN LATERAL (SELECT NOT EXISTS (
             SELECT FROM desks k
             WHERE k.agency IN (d.agency_competent, d.agency_receiving, d.agency_helping)
               AND (k.procedure IS NULL OR k.procedure = d.procedure)) AS masked) m
    WHERE (d.agency_competent = ANY (ARRAY(SELECT agency FROM places))
           OR d.agency_receiving = ANY (ARRAY(SELECT agency FROM places)))
      AND dossier_visible_v1($1, d)
      AND ($2::text IS NULL OR d.code = $3 OR d.external_code = $3
           OR (NOT m.masked AND (d.name_folded LIKE '%' || $2 || '%' OR d.phone = $3
                                 OR d.id_number = $3)))
      AND ($4::text IS NULL OR d.state = $4)
      AND ($6::text IS NULL OR d.procedure = $6)
      AND d.id < $7
    ORDER BY d.id DESC LIMIT $8 + 1
), page AS (SELECT * FROM found ORDER BY id DESC LIMIT $8)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'code', p.code, 'external_code', p.external_code,
            'procedure', json_build_object('code', p.procedure, 'name', v.name),
            'agency', p.agency_competent, 'state', p.state,
            'state_name', $9::json ->> p.state, 'channel',
            (ARRAY['direct', 'online', 'post'])[p.channel],
            'applicant', CASE WHEN p.masked THEN '***'
                              ELSE p.applicant ->> 'name' END,
            'submitted_at', p.submitted_at, 'received_at', p.received_at,
            'due_current', p.due_current, 'finished_at', p.finished_at,
            'returned_at', p.returned_at) ORDER BY p.id DESC), '[]')
        FROM page p JOIN procedure_version v ON v.id = p.procedure_id) AS items,
       (SELECT min(id) FROM page WHERE (SELECT count(*) FROM found) > $8)::text AS next
