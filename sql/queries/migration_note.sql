-- What became of dossiers of order $1: ids, outcomes, rules, messages, steps as JSON; '' is none.
-- params: bigint bigint[] text[] text[] text[] text[]
-- one
-- write
-- repeatable
SELECT migration_note_v1($1, $2, $3, $4, $5, $6)
