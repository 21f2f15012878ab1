-- The schema's version, for readiness; 0 when no migration has run.
-- one
SELECT coalesce(max(version), 0) FROM schema_version
