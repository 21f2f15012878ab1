-- A parcel as whoever reports of it must know it.
-- params: text
-- one
SELECT p.dossier_id, p.office, p.direction, d.procedure
FROM parcel p JOIN dossier d ON d.id = p.dossier_id
WHERE p.order_number = $1
