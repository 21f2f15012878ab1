-- The dossier of a handed-over parcel says so, or never will: $4 which.
-- params: bigint bigint integer text
-- write
-- repeatable
UPDATE handover_parcel SET waits = false, outcome = $4, done_at = clock_timestamp()
WHERE handover = $1 AND dossier_id = $2 AND parcel_no = $3 AND waits
