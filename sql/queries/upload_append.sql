-- Appends bytes to an upload: id, account, offset, bytes (sql/functions/upload_v1.sql).
-- params: text bigint bigint bytea
-- one
-- write
SELECT upload_append_v1($1, $2, $3, $4)
