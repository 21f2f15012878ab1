-- Keeps a file of at most 1 MiB: its bytes once per content, in parts of 256 KiB, and the caller's row.
-- Gives the digest of what is kept under that id: another one when the id was there with other bytes.
-- The lock keeps a purge from taking the same bytes away in between (uploads_purge_v1 takes it whole).
-- params: text bigint bytea bigint text text bytea
-- one
-- write
-- repeatable
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(hashtextextended(encode($3, 'hex'), 0))
), parts AS (
    INSERT INTO blob (sha256, part, data)
    SELECT $3, n, substring($7 FROM n * 262144 + 1 FOR 262144)
    FROM held, generate_series(0, (length($7) - 1) / 262144) n
    ON CONFLICT DO NOTHING
), made AS (
    INSERT INTO document (id, account, sha256, size, type, filename)
    SELECT $1, $2, $3, $4, $5, $6 FROM held
    ON CONFLICT (id) DO NOTHING
    RETURNING sha256
)
SELECT encode(sha256, 'hex') FROM made
UNION ALL
SELECT encode(d.sha256, 'hex') FROM document d WHERE d.id = $1
LIMIT 1
