-- The bytes of a file, with type and name. Rights: the caller has loaded the dossier.
-- params: text
-- one
SELECT (SELECT string_agg(b.data, ''::bytea ORDER BY b.part) FROM blob b WHERE b.sha256 = d.sha256),
       d.type, d.filename
FROM document d WHERE d.id = $1
