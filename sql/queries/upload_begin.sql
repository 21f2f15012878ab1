-- Begins an upload in parts: id, account, size, file name, seconds to live, and of the account's
-- unfinished ones the count and the bytes it may have (sql/functions/upload_v1.sql).
-- params: text bigint bigint text integer integer bigint
-- one
-- write
-- repeatable
SELECT upload_begin_v1($1, $2, $3, $4, $5, $6, $7)
