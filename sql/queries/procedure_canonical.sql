-- The canonical JSON of one published version.
-- params: bigint
-- one
SELECT canonical FROM procedure_version WHERE id = $1
