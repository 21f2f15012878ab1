-- The bytes of a printed form, and its file name. Rights: the caller has looked at them.
-- params: text
-- one
SELECT (SELECT string_agg(b.data, ''::bytea ORDER BY b.part) FROM blob b WHERE b.sha256 = d.sha256),
       d.filename
FROM document d WHERE d.id = $1
