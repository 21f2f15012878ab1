-- Uploads without a dossier after $1 hours, and those that expired unfinished, at most $2 of each
-- (sql/functions/clock_v1.sql, upload_v1.sql).
-- params: integer integer
-- one
-- write
-- repeatable
SELECT uploads_purge_v1($1, $2) + uploads_expire_v1($2)
