-- Notes that somebody read a register or a hand-over record: no single dossier tells of it.
-- params: bigint bigint
-- write
INSERT INTO paper_read (order_id, account) VALUES ($1, $2)
