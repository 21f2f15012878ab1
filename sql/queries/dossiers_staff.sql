-- The dossiers of the caller's agencies. $2 words without marks or null, $3 the same text as typed (a
-- code, phone or ID number), $4 state, $5 agency, $6 procedure, $7 before this id, $8 how many.
-- A post office's role and an administrator's show no dossiers. Whoever sees a dossier
-- masked does not find it by what is masked.
-- params: bigint text text text text text bigint integer
WITH places AS MATERIALIZED (
    SELECT agency, procedure, bool_and(role = 'auditor') AS masked FROM account_places_v1($1)
    WHERE role NOT IN ('postal', 'admin') AND ($5::text IS NULL OR agency = $5)
    GROUP BY agency, procedure
), exact AS MATERIALIZED ( -- a code, phone or ID number in full, each by its index
    SELECT d.id
    FROM (SELECT id FROM dossier WHERE code = $3 UNION ALL
          SELECT id FROM dossier WHERE external_code = $3 UNION ALL
          SELECT id FROM dossier WHERE phone = $3 UNION ALL
          SELECT id FROM dossier WHERE id_number = $3) named JOIN dossier d USING (id)
    WHERE $2::text IS NOT NULL
      AND ($4::text IS NULL OR d.state = $4)
      AND ($6::text IS NULL OR d.procedure = $6)
      AND EXISTS (SELECT FROM places p
                  WHERE p.agency IN (d.agency_competent, d.agency_receiving)
                    AND (p.procedure IS NULL OR p.procedure = d.procedure)
                    AND (NOT p.masked OR $3 IN (d.code, d.external_code)))
), wide AS MATERIALIZED ( -- whether there are many agencies to look through, and something to be found
    SELECT (SELECT count(*) FROM places) > 10 AND NOT EXISTS (SELECT FROM exact)
           AND ($2::text IS NULL OR EXISTS (SELECT FROM places WHERE NOT masked)) AS yes,
           CASE WHEN length($2::text) >= 3 THEN 20000 END AS most -- not known to the planner: in order
), recent AS MATERIALIZED (
    -- Many agencies: the newest of all, of a state or of a procedure, each by its index, for most of
    -- them are the caller's; a name that is common is found there.
    (SELECT d.id
     FROM (SELECT * FROM dossier d
           WHERE (SELECT yes FROM wide) AND $4::text IS NULL AND $6::text IS NULL AND d.id < $7
           ORDER BY d.id DESC LIMIT (SELECT most FROM wide)) d
     WHERE ($2::text IS NULL OR d.name_folded LIKE '%' || $2 || '%')
       AND EXISTS (SELECT FROM places p
                   WHERE p.agency IN (d.agency_competent, d.agency_receiving)
                     AND (p.procedure IS NULL OR p.procedure = d.procedure)
                     AND ($2::text IS NULL OR NOT p.masked))
     ORDER BY d.id DESC LIMIT $8 + 1)
    UNION ALL
    (SELECT d.id
     FROM (SELECT * FROM dossier d
           WHERE (SELECT yes FROM wide) AND d.state = $4::text AND d.id < $7
           ORDER BY d.id DESC LIMIT (SELECT most FROM wide)) d
     WHERE ($6::text IS NULL OR d.procedure = $6)
       AND ($2::text IS NULL OR d.name_folded LIKE '%' || $2 || '%')
       AND EXISTS (SELECT FROM places p
                   WHERE p.agency IN (d.agency_competent, d.agency_receiving)
                     AND (p.procedure IS NULL OR p.procedure = d.procedure)
                     AND ($2::text IS NULL OR NOT p.masked))
     ORDER BY d.id DESC LIMIT $8 + 1)
    UNION ALL
    (SELECT d.id
     FROM (SELECT * FROM dossier d
           WHERE (SELECT yes FROM wide) AND $4::text IS NULL AND d.procedure = $6::text AND d.id < $7
           ORDER BY d.id DESC LIMIT (SELECT most FROM wide)) d
     WHERE ($2::text IS NULL OR d.name_folded LIKE '%' || $2 || '%')
       AND EXISTS (SELECT FROM places p
                   WHERE p.agency IN (d.agency_competent, d.agency_receiving)
                     AND (p.procedure IS NULL OR p.procedure = d.procedure)
                     AND ($2::text IS NULL OR NOT p.masked))
     ORDER BY d.id DESC LIMIT $8 + 1)
), named AS MATERIALIZED (
    -- One that is rare by its trigrams, wherever it is; fewer letters have none. Not where all of the
    -- state has been looked at already.
    SELECT d.id, d.state, d.procedure, d.agency_competent, d.agency_receiving
    FROM dossier d
    WHERE length($2::text) >= 3 AND (SELECT yes FROM wide) AND (SELECT count(*) FROM recent) <= $8
      AND ($4::text IS NULL
           OR (SELECT count(*) FROM (SELECT FROM dossier s WHERE s.state = $4 AND s.id < $7
                                     LIMIT 20000) few) = 20000)
      AND d.name_folded LIKE '%' || $2 || '%'
), ids AS (
    SELECT id FROM exact WHERE id < $7
    UNION
    -- A few agencies: the newest of each by its index.
    SELECT d.id
    FROM places p CROSS JOIN LATERAL (
        (SELECT d.id FROM dossier d
         WHERE d.agency_competent = p.agency AND d.id < $7
           AND (p.procedure IS NULL OR d.procedure = p.procedure)
           AND ($2::text IS NULL OR (NOT p.masked AND d.name_folded LIKE '%' || $2 || '%'))
           AND ($4::text IS NULL OR d.state = $4)
           AND ($6::text IS NULL OR d.procedure = $6)
         ORDER BY d.id DESC LIMIT $8 + 1)
        UNION ALL
        (SELECT d.id FROM dossier d
         WHERE d.agency_receiving = p.agency AND d.agency_receiving <> d.agency_competent
           AND d.id < $7
           AND (p.procedure IS NULL OR d.procedure = p.procedure)
           AND ($2::text IS NULL OR (NOT p.masked AND d.name_folded LIKE '%' || $2 || '%'))
           AND ($4::text IS NULL OR d.state = $4)
           AND ($6::text IS NULL OR d.procedure = $6)
         ORDER BY d.id DESC LIMIT $8 + 1)) d
    WHERE (SELECT count(*) FROM places) <= 10 AND NOT EXISTS (SELECT FROM exact)
    UNION
    SELECT id FROM recent
    UNION
    (SELECT d.id FROM named d
     WHERE d.id < $7
       AND ($4::text IS NULL OR d.state = $4)
       AND ($6::text IS NULL OR d.procedure = $6)
       AND EXISTS (SELECT FROM places p
                   WHERE p.agency IN (d.agency_competent, d.agency_receiving)
                     AND (p.procedure IS NULL OR p.procedure = d.procedure) AND NOT p.masked)
     ORDER BY d.id DESC LIMIT $8 + 1)
), desks AS MATERIALIZED (
    SELECT agency, procedure FROM account_places_v1($1)
    WHERE role NOT IN ('postal', 'admin', 'auditor')
), found AS (
    SELECT d.*, NOT EXISTS (
               SELECT FROM desks k
               WHERE k.agency IN (d.agency_competent, d.agency_receiving, d.agency_helping)
                 AND (k.procedure IS NULL OR k.procedure = d.procedure)) AS masked
    FROM dossier d
    WHERE d.id = ANY (ARRAY(SELECT id FROM ids ORDER BY id DESC LIMIT $8 + 1))
)
SELECT json_build_object(
           'code', p.code, 'external_code', p.external_code,
           'procedure', json_build_object('code', p.procedure, 'name', v.name),
           'agency', p.agency_competent,
           'agency_name', (SELECT a.name FROM agency a WHERE a.code = p.agency_competent),
           'state', p.state, 'channel', (ARRAY['direct', 'online', 'post'])[p.channel],
           'applicant', CASE WHEN p.masked THEN '***' ELSE p.applicant ->> 'name' END,
           'owner_name', CASE WHEN p.masked THEN '***'
                              ELSE coalesce(p.owner ->> 'name', p.applicant ->> 'name') END,
           'submitted_at', p.submitted_at, 'received_at', p.received_at,
           'due_current', p.due_current, 'clock', p.clock, 'finished_at', p.finished_at,
           'returned_at', p.returned_at) AS item,
       p.id::text AS place, p.state, p.engine ->> 'state_before', p.procedure_id,
       (SELECT max(t.step) FROM task t WHERE t.dossier_id = p.id AND t.state = 'open'
        HAVING count(*) = 1)
FROM found p JOIN procedure_version v ON v.id = p.procedure_id
ORDER BY p.id DESC
