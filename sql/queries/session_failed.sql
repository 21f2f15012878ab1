-- A wrong password: $2 of them make the account wait $3 minutes.
-- params: bigint integer integer
-- write
UPDATE account
SET failed_count = CASE WHEN failed_until < now() THEN 1 ELSE failed_count + 1 END,
    failed_until = CASE WHEN failed_until > now() THEN failed_until
                        WHEN failed_count + 1 >= $2 AND failed_until IS NULL
                        THEN now() + make_interval(mins => $3) END
WHERE id = $1
