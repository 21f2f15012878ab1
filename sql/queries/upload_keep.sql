-- Keeps a file of at most 1 MiB: its bytes once per content, in parts of 256 KiB, and the caller's row.
-- The lock keeps a purge from taking the bytes away in between (uploads_purge_v1).
-- params: text bigint bytea bigint text text bytea
-- write
-- repeatable
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(hashtextextended(encode($3, 'hex'), 0))
), parts AS (
    INSERT INTO blob (sha256, part, data)
    SELECT $3, n, substring($7 FROM n * 262144 + 1 FOR 262144)
    FROM held, generate_series(0, (length($7) - 1) / 262144) n
    ON CONFLICT DO NOTHING
)
INSERT INTO document (id, account, sha256, size, type, filename)
SELECT $1, $2, $3, $4, $5, $6 FROM held
ON CONFLICT (id) DO NOTHING
