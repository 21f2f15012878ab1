-- Parcels of signed records whose dossiers do not say so yet. $1 of this record, 0: of any, and then
-- only what nobody is just working on; $2 how many.
-- params: bigint integer
SELECT h.id, p.dossier_id, p.parcel_no, q.order_number, h.ended_at,
       CASE WHEN h.agency_at > h.office_at THEN h.agency_by ELSE h.office_by END,
       h.no || '/' || h.year || '/BBGN-' || h.agency
FROM handover_parcel p JOIN handover h ON h.id = p.handover
     JOIN parcel q ON q.dossier_id = p.dossier_id AND q.no = p.parcel_no
WHERE p.waits AND h.state = 'signed'
  AND CASE WHEN $1 = 0 THEN h.ended_at < now() - interval '15 seconds' ELSE h.id = $1 END
ORDER BY h.id, p.place LIMIT $2
