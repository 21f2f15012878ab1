-- What a submission was answered the first time: its dossier, and state and due from its event.
-- params: bigint bigint
-- json
SELECT json_build_object('code', d.code, 'external_code', d.external_code,
                         'procedure', d.procedure, 'agency', d.agency_competent,
                         'submitted_at', d.submitted_at,
                         'state', e.body::json ->> 'state', 'due', e.body::json ->> 'due_current')
FROM dossier d JOIN event e ON e.dossier_id = d.id AND e.seq = $2
WHERE d.id = $1
