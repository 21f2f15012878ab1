-- A look-up with a PIN: is this dossier locked? $2 the PIN is right, $3 failures allowed, $4 minutes of
-- the lock. A wrong one counts, a right one clears the count unless the dossier is locked.
-- params: bigint boolean integer integer
-- one
-- write
INSERT INTO pin_failure AS f (dossier_id, count, until)
VALUES ($1, CASE WHEN $2 THEN 0 ELSE 1 END, NULL)
ON CONFLICT (dossier_id) DO UPDATE SET
    count = CASE WHEN f.until > now() THEN f.count WHEN $2 THEN 0 ELSE f.count + 1 END,
    until = CASE WHEN f.until > now() THEN f.until
                 WHEN NOT $2 AND f.count + 1 >= $3 THEN now() + make_interval(mins => $4)
            END
RETURNING coalesce(f.until > now(), false) AS locked
