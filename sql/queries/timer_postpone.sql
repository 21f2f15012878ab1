-- Puts a timer off that cannot be decided now, so that it does not stand in the way of others.
-- params: bigint integer integer integer timestamptz timestamptz
-- write
-- repeatable
UPDATE timer SET fire_at = $6
WHERE dossier_id = $1 AND scope = $2 AND epoch = $3 AND rung = $4 AND fire_at = $5
