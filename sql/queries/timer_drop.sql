-- Removes a timer that has nothing to say, unless it was armed anew meanwhile.
-- params: bigint integer integer integer timestamptz
-- write
-- repeatable
DELETE FROM timer
WHERE dossier_id = $1 AND scope = $2 AND epoch = $3 AND rung = $4 AND fire_at = $5
