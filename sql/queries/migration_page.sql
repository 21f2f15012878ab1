-- The order under way and at most $1 of its dossiers that wait; null: none.
-- params: integer
-- json
-- write
-- repeatable
SELECT migration_page_v1($1)
