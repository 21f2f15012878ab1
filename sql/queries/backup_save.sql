-- A finished base backup: start, node, folder, bytes, files, WAL from and to, schema, verified.
-- params: timestamptz text text bigint bigint text text integer boolean
-- write
INSERT INTO backup_log (started_at, node, kind, folder, bytes, files, wal_from, wal_to,
                        schema_version, verified)
VALUES ($1, $2, 'base', $3, $4, $5, $6::pg_lsn, $7::pg_lsn, $8, $9)
