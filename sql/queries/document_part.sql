-- One part of a file's bytes, by its number. Rights: the caller has loaded the dossier.
-- params: text integer
-- one
SELECT b.data FROM document d JOIN blob b ON b.sha256 = d.sha256 AND b.part = $2 WHERE d.id = $1
