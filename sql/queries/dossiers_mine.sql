-- The caller's own dossiers: filed for himself, owned, or under the verified ID number as applicant
-- or owner. Newest first, each kind by its index; that of owners has the database's own collation.
-- params: bigint bigint integer
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
    WHERE d.owner ->> 'id_number' = (SELECT a.id_number COLLATE "default" FROM account a WHERE a.id = $1)
      AND d.owner IS NOT NULL AND d.id < $2
), mine AS (
    SELECT d.* FROM dossier d
    WHERE d.id = ANY (ARRAY(SELECT id FROM ids ORDER BY id DESC LIMIT $3 + 1))
)
SELECT json_build_object(
           'code', p.code, 'external_code', p.external_code,
           'procedure', json_build_object('code', p.procedure, 'name', v.name),
           'agency', p.agency_competent,
           'agency_name', (SELECT a.name FROM agency a WHERE a.code = p.agency_competent),
           'state', p.state, 'channel', (ARRAY['direct', 'online', 'post'])[p.channel],
           'owner_name', coalesce(p.owner ->> 'name', p.applicant ->> 'name'),
           'submitted_at', p.submitted_at, 'received_at', p.received_at,
           'due_current', p.due_current, 'clock', p.clock, 'finished_at', p.finished_at,
           'returned_at', p.returned_at) AS item,
       p.id::text AS place, p.state, p.engine ->> 'state_before', p.procedure_id,
       (SELECT max(t.step) FROM task t WHERE t.dossier_id = p.id AND t.state = 'open'
        HAVING count(*) = 1)
FROM mine p JOIN procedure_version v ON v.id = p.procedure_id
ORDER BY p.id DESC
