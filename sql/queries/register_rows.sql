-- The rows of a register: dossiers that an agency received or handles, by the moment of reception.
-- $1 without persons, $2 agency, $3 first and $4 last day, $5 procedure or null, $6 {state: its name},
-- $7 {delivery: its name}, $8 how many. Rights: were looked at when it was ordered.
-- params: boolean text date date text json json integer
-- one
WITH found AS (
    SELECT d.*, coalesce(d.owner, d.applicant) AS person FROM dossier d
    WHERE (d.agency_competent = $2 OR d.agency_receiving = $2)
      AND d.received_at >= $3::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
      AND d.received_at < ($4 + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
      AND ($5::text IS NULL OR d.procedure = $5)
    ORDER BY d.received_at, d.id LIMIT $8
)
SELECT coalesce(json_agg(json_build_object(
           'code', f.code, 'procedure', v.name, 'sets', 1,
           'owner', CASE WHEN $1 THEN '***' ELSE f.person ->> 'name' END,
           'line', CASE WHEN NOT $1 THEN f.person -> 'address' ->> 'line' END,
           'commune', f.person -> 'address' ->> 'commune',
           'province', f.person -> 'address' ->> 'province',
           'phone', CASE WHEN NOT $1 THEN f.person ->> 'phone' END,
           'agency', a.name, 'received_at', f.received_at, 'due', f.due_current,
           'finished_at', f.finished_at, 'returned_at', f.returned_at,
           'delivery', $7::json ->> f.delivery, 'note', $6::json ->> f.state)
           ORDER BY f.received_at, f.id), '[]')
FROM found f JOIN procedure_version v ON v.id = f.procedure_id
             JOIN agency a ON a.code = f.agency_competent
