-- The canonical JSON of a procedure's version by its number, for dvcctl plugin diff.
-- params: text integer
SELECT canonical FROM procedure_version WHERE code = $1 AND version = $2
