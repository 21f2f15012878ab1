-- params: bigint text text integer timestamptz text text
-- write
-- repeatable
INSERT INTO carrier_unread (dossier_id, order_number, source_id, status_code, at, place, note)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (order_number, source_id) DO NOTHING
