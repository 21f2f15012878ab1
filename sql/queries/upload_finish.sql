-- Makes a whole upload a document: upload's id, account, document's id, digest, type.
-- params: text bigint text bytea text
-- one
-- write
-- repeatable
SELECT upload_finish_v1($1, $2, $3, $4, $5)
