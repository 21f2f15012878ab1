-- One upload of the account $2, under way or done: size, bytes received, whether it is done, file name,
-- when it expires if it is not taken ($3 hours), digest and type once done.
-- params: text bigint integer
-- one
SELECT u.size, u.received, false AS done, u.filename, u.expires_at, NULL::text AS sha256,
       NULL::text AS type
FROM upload u WHERE u.id = $1 AND u.account = $2 AND u.expires_at > clock_timestamp()
UNION ALL
SELECT d.size, d.size, true, d.filename, d.created_at + make_interval(hours => $3),
       encode(d.sha256, 'hex'), d.type
FROM document d WHERE d.id = $1 AND d.account = $2
LIMIT 1
