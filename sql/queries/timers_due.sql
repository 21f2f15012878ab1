-- The timers that come first, oldest first; those that are not due yet say when to look again.
-- params: integer
SELECT dossier_id, scope, epoch, rung, fire_at FROM timer ORDER BY fire_at LIMIT $1
