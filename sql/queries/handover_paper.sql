-- What a hand-over record says on paper. The people are those at the door: the receiver of a result,
-- the applicant of a dossier that is collected.
-- params: bigint
-- one
SELECT json_build_object(
    'number', h.no || '/' || h.year || '/BBGN-' || h.agency, 'agency', h.agency, 'direction', h.direction,
    'office', o.name, 'agency_signer', h.agency_name, 'office_signer', h.office_name,
    'agency_at', h.agency_at, 'office_at', h.office_at, 'made_at', h.made_at,
    'originals', h.originals, 'copies', h.copies, 'note', h.note, 'state', h.state,
    'rows', (SELECT coalesce(json_agg(json_build_object(
                 'order_number', q.order_number, 'code', d.code, 'procedure', v.name,
                 'owner', x.person ->> 'name', 'line', x.person -> 'address' ->> 'line',
                 'commune', x.person -> 'address' ->> 'commune',
                 'province', x.person -> 'address' ->> 'province') ORDER BY p.place), '[]')
             FROM handover_parcel p
                  JOIN parcel q ON q.dossier_id = p.dossier_id AND q.no = p.parcel_no
                  JOIN dossier d ON d.id = p.dossier_id
                  JOIN procedure_version v ON v.id = d.procedure_id
                  CROSS JOIN LATERAL (SELECT CASE WHEN h.direction = 'return'
                      THEN coalesce(d.delivery_to, d.applicant) ELSE d.applicant END AS person) x
             WHERE p.handover = h.id))
FROM handover h LEFT JOIN agency o ON o.code = h.office
WHERE h.id = $1
