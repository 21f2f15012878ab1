-- The queue: open tasks at the caller's desks, what is due first on top. $2 role, $3 agency,
-- $4 assignee (0 = the unit's, null = any), $5 $6 $7 the last task of the page before, $8 how many.
-- What may be done next is in the dossier's view: the queue does not load every dossier.
-- params: bigint text text bigint timestamptz bigint integer integer
-- one
WITH desks AS MATERIALIZED (
    SELECT role, agency, procedure FROM account_places_v1($1)
    WHERE role NOT IN ('auditor', 'admin')
), found AS (
    SELECT t.*, d.code, d.procedure, coalesce(t.due, 'infinity') AS last
    FROM task t JOIN dossier d ON d.id = t.dossier_id
    WHERE t.state = 'open'
      AND t.agency = ANY (ARRAY(SELECT agency FROM desks)) -- by index; the rest is for these few
      AND EXISTS (SELECT FROM desks k
                  WHERE k.agency = t.agency
                    AND (k.role = t.role OR (k.role = 'unit_head' AND t.role = 'officer'))
                    AND (k.procedure IS NULL OR k.procedure = d.procedure))
      AND ($2::text IS NULL OR t.role = $2)
      AND ($3::text IS NULL OR t.agency = $3)
      AND ($4::bigint IS NULL OR coalesce(t.assignee, 0) = $4)
      AND ($5::timestamptz IS NULL
           OR (coalesce(t.due, 'infinity'), t.dossier_id, t.no) > ($5, $6, $7))
    ORDER BY coalesce(t.due, 'infinity'), t.dossier_id, t.no LIMIT $8 + 1
), page AS (SELECT * FROM found ORDER BY last, dossier_id, no LIMIT $8)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'id', no, 'code', code, 'procedure', procedure, 'step', step, 'name', name,
            'role', role, 'agency', agency, 'assignee', assignee, 'opened_at', opened_at,
            'due', due, 'past_due', due IS NOT NULL AND due < now(),
            'minutes_left', CASE WHEN due IS NULL THEN NULL
                                 ELSE floor(extract(epoch FROM due - now()) / 60)::bigint END,
            'state', state, 'actions', NULL) ORDER BY last, dossier_id, no), '[]') FROM page) AS items,
       (SELECT CASE WHEN (SELECT count(*) FROM found) > $8
                    THEN last::text || '~' || dossier_id || '~' || no END
        FROM page ORDER BY last DESC, dossier_id DESC, no DESC LIMIT 1) AS next
