-- Makes a hand-over record, signed by the maker's side; the same key again finds the first.
-- params: bigint text text text text text text[] integer integer text text[] text bytea
-- json
-- write
-- repeatable
SELECT handover_make_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
