-- Uploads without a dossier after $1 hours, at most $2 (sql/functions/clock_v1.sql).
-- params: integer integer
-- one
-- write
-- repeatable
SELECT uploads_purge_v1($1, $2)
