-- Whose parcel an order number names, and whether this event of it is known.
-- params: text text
-- one
SELECT p.dossier_id,
       EXISTS (SELECT FROM parcel_event e
               WHERE e.dossier_id = p.dossier_id AND e.parcel_no = p.no AND e.source_id = $2)
FROM parcel p WHERE p.order_number = $1
