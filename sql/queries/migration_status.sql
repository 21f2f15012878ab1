-- One order (null: the last) and how far it is, with at most $2 of the dossiers that stayed.
-- params: bigint integer
-- json
SELECT migration_status_v1($1, $2)
