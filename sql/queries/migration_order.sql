-- An administrator's order to move dossiers; $4 is a JSON map of steps (sql/functions/migration_v1.sql).
-- params: text integer integer text text text boolean
-- json
-- write
SELECT migration_order_v1($1, $2, $3, $4::jsonb, $5, $6, $7)
