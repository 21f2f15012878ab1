-- One part of an upload under way, by its number.
-- params: text integer
-- one
SELECT data FROM blob WHERE sha256 = upload_key_v1($1) AND part = $2
