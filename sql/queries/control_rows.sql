-- The way of a dossier over its desks, in order: each task with the unit that handed it on.
-- params: bigint
-- one
SELECT coalesce(json_agg(json_build_object(
           'step', t.name, 'role', t.role, 'agency', a.name, 'officer', o.name,
           'previous_role', (SELECT p.role FROM task p
                             WHERE p.dossier_id = t.dossier_id AND p.step = t.previous
                               AND p.no < t.no ORDER BY p.no DESC LIMIT 1),
           'from', t.opened_at, 'to', t.closed_at, 'due', t.due) ORDER BY t.no), '[]')
FROM task t LEFT JOIN agency a ON a.code = t.agency LEFT JOIN account o ON o.id = t.assignee
WHERE t.dossier_id = $1
