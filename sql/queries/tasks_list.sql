-- The queue: open tasks at the caller's desks, what is due first on top. $2 role, $3 agency,
-- $4 assignee (0 = the unit's, null = any), $5 a part of the code in capitals and $6 of the name
-- without marks, or null, $7 $8 $9 the last task of the page before (or what lies before all),
-- $10 how many, $11 step. Each desk's own by its index, so that a page costs the same however long the queue is;
-- only a search reads the whole of it.
-- params: bigint text text bigint text text timestamptz bigint integer integer text
WITH desks AS MATERIALIZED (
    SELECT * FROM account_desks_v1($1)
    WHERE ($2::text IS NULL OR role = $2) AND ($3::text IS NULL OR agency = $3)
), page AS (
    SELECT t.*
    FROM desks k CROSS JOIN LATERAL (
        SELECT t.*, coalesce(t.due, 'infinity') AS last
        FROM task t
        WHERE t.state = 'open' AND t.agency = k.agency AND t.role = k.role
          AND (coalesce(t.due, 'infinity'), t.dossier_id, t.no) > ($7, $8, $9)
          AND ($4::bigint IS NULL OR coalesce(t.assignee, 0) = $4)
          AND ($11::text IS NULL OR t.step = $11)
          AND (k.whole OR EXISTS (SELECT FROM dossier d
                                  WHERE d.id = t.dossier_id AND d.procedure = ANY (k.procedures)))
          AND ($6::text IS NULL
               OR EXISTS (SELECT FROM dossier d
                          WHERE d.id = t.dossier_id
                            AND (strpos(d.code, $5) > 0 OR strpos(d.external_code, $5) > 0
                                 OR strpos(d.name_folded, $6) > 0)))
        ORDER BY coalesce(t.due, 'infinity'), t.dossier_id, t.no LIMIT $10 + 1) t
    ORDER BY t.last, t.dossier_id, t.no LIMIT $10 + 1
)
SELECT json_build_object(
           'id', t.no, 'code', d.code, 'procedure', d.procedure, 'procedure_name', v.name,
           'owner_name', coalesce(d.owner ->> 'name', d.applicant ->> 'name'),
           'channel', (ARRAY['direct', 'online', 'post'])[d.channel],
           'state_of_dossier', d.state, 'received_at', d.received_at,
           'step', t.step, 'name', t.name, 'role', t.role, 'agency', t.agency,
           'assignee', t.assignee,
           'assignee_name', (SELECT a.name FROM account a WHERE a.id = t.assignee),
           'opened_at', t.opened_at, 'due', t.due,
           'past_due', t.due IS NOT NULL AND t.due < now(),
           'minutes_left', floor(extract(epoch FROM t.due - now()) / 60)::bigint,
           'state', t.state) AS item,
       t.last::text || '~' || t.dossier_id || '~' || t.no AS place,
       d.state AS dossier_state, d.procedure_id, t.step, t.role, t.agency, t.assignee,
       d.agency_receiving, d.agency_helping, d.agency_competent
FROM page t JOIN dossier d ON d.id = t.dossier_id
     JOIN procedure_version v ON v.id = d.procedure_id
ORDER BY t.last, t.dossier_id, t.no
