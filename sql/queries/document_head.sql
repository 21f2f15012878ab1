-- Size, type and name of a file, and how many parts it has. Rights: the caller has loaded the dossier.
-- params: text
-- one
SELECT d.size, d.type, d.filename, (SELECT count(*) FROM blob b WHERE b.sha256 = d.sha256)
FROM document d WHERE d.id = $1
