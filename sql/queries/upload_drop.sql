-- Throws an upload under way away: id, account.
-- params: text bigint
-- one
-- write
-- repeatable
SELECT upload_drop_v1($1, $2)
