-- Carriers' news of dossiers that cannot be read, at places that the caller administers, oldest
-- first; without the carrier's words, which may name a person.
-- params: bigint bigint integer
SELECT json_build_object(
           'id', u.id, 'order_number', u.order_number, 'dossier', d.code, 'event', u.source_id,
           'status_code', u.status_code, 'at', u.at, 'place', u.place, 'told_at', u.told_at),
       u.id::text
FROM carrier_unread u LEFT JOIN dossier d ON d.id = u.dossier_id
WHERE u.id > $2 AND outbox_administered_v1($1, u.dossier_id)
ORDER BY u.id LIMIT $3 + 1
