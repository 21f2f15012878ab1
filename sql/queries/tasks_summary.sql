-- How much waits at each of the caller's desks. A task is past due, due today (Asia/Ho_Chi_Minh) and
-- still in time, or neither. `mine`: held by the caller. `steps`: where they wait.
-- params: bigint
-- json
SELECT json_build_object('items', coalesce(json_agg(json_build_object(
           'queue', k.agency || '/' || k.role, 'role', k.role, 'agency', k.agency,
           'agency_name', (SELECT a.name FROM agency a WHERE a.code = k.agency),
           'open', s.open, 'past_due', s.past_due, 'due_today', s.due_today,
           'unassigned', s.unassigned, 'mine', s.mine, 'steps', s.steps) ORDER BY k.agency, k.role), '[]'))
FROM account_desks_v1($1) k CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.open), 0)::bigint AS open, coalesce(sum(x.past_due), 0)::bigint AS past_due,
           coalesce(sum(x.due_today), 0)::bigint AS due_today,
           coalesce(sum(x.unassigned), 0)::bigint AS unassigned,
           coalesce(sum(x.mine), 0)::bigint AS mine,
           coalesce(json_agg(json_build_object('step', x.step, 'name', x.name, 'open', x.open)
                             ORDER BY x.step, x.name), '[]') AS steps
    FROM (
        SELECT t.step, t.name, count(*) AS open,
               count(*) FILTER (WHERE coalesce(t.due, 'infinity') < now()) AS past_due,
               count(*) FILTER (WHERE coalesce(t.due, 'infinity') >= now()
                                  AND coalesce(t.due, 'infinity')
                                      < (date_trunc('day', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')
                                         + interval '1 day') AT TIME ZONE 'Asia/Ho_Chi_Minh')
                   AS due_today,
               count(*) FILTER (WHERE t.assignee IS NULL) AS unassigned,
               count(*) FILTER (WHERE t.assignee = $1) AS mine
        FROM task t
        WHERE t.state = 'open' AND t.agency = k.agency AND t.role = k.role
          AND (k.whole OR EXISTS (SELECT FROM dossier d
                                  WHERE d.id = t.dossier_id AND d.procedure = ANY (k.procedures)))
        GROUP BY t.step, t.name) x) s
