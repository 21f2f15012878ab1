-- An ordered print that cannot be: $2 says why in one word.
-- params: bigint text
-- write
-- repeatable
UPDATE paper_order SET state = 'failed', error = $2 WHERE id = $1 AND state = 'waiting'
