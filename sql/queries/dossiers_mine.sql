-- The caller's own dossiers: filed for himself, owned, or under the verified ID number as applicant
-- or owner. Newest first, each kind by its index.
-- $4 {state: its name}.
-- params: bigint bigint integer json
-- one
WITH ids AS (
    (SELECT d.id FROM dossier d
     WHERE d.filed_by = $1 AND d.id < $2
       AND EXISTS (SELECT FROM account a WHERE a.id = $1 AND a.kind IN ('citizen', 'portal'))
     ORDER BY d.id DESC LIMIT $3 + 1)
    UNION
    (SELECT d.id FROM dossier d WHERE d.owner_account = $1 AND d.id < $2
     ORDER BY d.id DESC LIMIT $3 + 1)
    UNION
    SELECT d.id FROM dossier d
    WHERE d.id_number = (SELECT a.id_number FROM account a WHERE a.id = $1) AND d.id < $2
    UNION
    SELECT d.id FROM dossier d
    WHERE d.owner ->> 'id_number' = (SELECT a.id_number FROM account a WHERE a.id = $1)
      AND d.owner IS NOT NULL AND d.id < $2
), mine AS (
    SELECT d.* FROM dossier d
    WHERE d.id = ANY (ARRAY(SELECT id FROM ids ORDER BY id DESC LIMIT $3 + 1))
), page AS (SELECT * FROM mine ORDER BY id DESC LIMIT $3)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'code', p.code, 'external_code', p.external_code,
            'procedure', json_build_object('code', p.procedure, 'name', v.name),
            'agency', p.agency_competent, 'state', p.state,
            'state_name', $4::json ->> p.state, 'channel',
            (ARRAY['direct', 'online', 'post'])[p.channel],
            'submitted_at', p.submitted_at, 'received_at', p.received_at,
            'due_current', p.due_current, 'finished_at', p.finished_at,
            'returned_at', p.returned_at) ORDER BY p.id DESC), '[]')
        FROM page p JOIN procedure_version v ON v.id = p.procedure_id) AS items,
       (SELECT min(id) FROM page WHERE (SELECT count(*) FROM mine) > $3)::text AS next
