-- The numbers that this database gave to the row types of a change batch.
-- write
SELECT t.typname, t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typname LIKE 'change\_%' AND t.typtype = 'c' AND n.nspname = current_schema()
