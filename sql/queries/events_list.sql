-- A dossier's history, oldest first, for whoever may see the dossier. $3 after this seq, $4 how many.
-- Names of staff are shown to staff and auditor; names of citizens and free text beside an event not to
-- whoever sees the dossier masked; a desk's own notes only at the desks.
-- params: bigint text bigint integer
WITH d AS MATERIALIZED (
    SELECT id, procedure_id, dossier_sight_v1($1, dossier) AS sight FROM dossier
    WHERE id = coalesce((SELECT id FROM dossier WHERE code = $2),
                        (SELECT id FROM dossier WHERE external_code = $2))
), page AS (
    SELECT e.*, lag(e.hash) OVER (ORDER BY e.seq) AS before, d.sight, d.procedure_id
    FROM d JOIN event e ON e.dossier_id = d.id
    WHERE d.sight IS NOT NULL AND e.seq >= $3
    ORDER BY e.seq LIMIT $4 + 2
)
SELECT json_build_object(
           'seq', p.seq, 'at', p.at, 'kind', p.kind, 'actor', p.actor, 'role', p.role,
           'actor_name', CASE WHEN p.actor = $1 OR p.sight = 'desk' OR
                                   a.kind = 'staff' AND p.sight = 'masked' THEN a.name END,
           'reason', CASE WHEN p.sight IN ('desk', 'own') THEN n.reason END,
           'note', CASE WHEN p.sight = 'desk' OR p.actor = $1 THEN n.note END,
           'body', p.body,
           'previous_hash', coalesce(encode(p.before, 'hex'), repeat('0', 64)),
           'hash', encode(p.hash, 'hex')) AS item,
       p.seq::text AS place, p.kind, p.role, p.procedure_id,
       p.body::json ->> 'action', p.body::json ->> 'step'
FROM page p LEFT JOIN account a ON a.id = p.actor
     LEFT JOIN event_note n ON n.dossier_id = p.dossier_id AND n.seq = p.seq
WHERE p.seq > $3
ORDER BY p.seq
