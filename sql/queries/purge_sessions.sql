-- Sessions over for $1 days, at most $2, and failed look-ups and sign-ins that lock nothing any more.
-- params: integer integer
-- one
-- write
-- repeatable
WITH gone AS (
    DELETE FROM session
    WHERE token_hash = ANY (ARRAY(SELECT token_hash FROM session
                                  WHERE expires_at < now() - make_interval(days => $1)
                                  ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING 1
), forgotten AS (
    DELETE FROM pin_failure
    WHERE dossier_id = ANY (ARRAY(SELECT dossier_id FROM pin_failure
                                  WHERE count = 0 AND until IS NULL
                                        OR until < now() - interval '1 day'
                                  LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING 1
), forgiven AS (
    DELETE FROM sign_in_failure
    WHERE name_sha256 = ANY (ARRAY(SELECT name_sha256 FROM sign_in_failure
                                   WHERE greatest(last_at, until) < now() - interval '1 day'
                                         AND last_at < now() - interval '1 day'
                                   ORDER BY last_at LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM forgotten) + (SELECT count(*) FROM forgiven)
