-- The canonical JSON of one published calendar.
-- params: bigint
-- one
SELECT canonical FROM calendar_version WHERE version = $1
