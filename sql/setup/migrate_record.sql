-- params: integer text text
-- write
INSERT INTO schema_version (version, file, sha256) VALUES ($1, $2, $3)
