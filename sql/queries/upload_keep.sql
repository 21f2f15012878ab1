-- Keeps a file of at most 1 MiB: its bytes once per content, in parts of 256 KiB, and the caller's row.
-- params: text bigint bytea bigint text text bytea
-- write
-- repeatable
WITH parts AS (
    INSERT INTO blob (sha256, part, data)
    SELECT $3, n, substring($7 FROM n * 262144 + 1 FOR 262144)
    FROM generate_series(0, (length($7) - 1) / 262144) n
    ON CONFLICT DO NOTHING
)
INSERT INTO document (id, account, sha256, size, type, filename)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING
