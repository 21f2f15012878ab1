-- A parcel as whoever reports of it must know it.
-- params: text
-- one
SELECT p.dossier_id, p.office, p.direction FROM parcel p WHERE p.order_number = $1
