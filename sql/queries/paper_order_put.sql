-- Orders a print (sql/functions/papers_v1.sql). $1 kind, $2 key or null, $3 dossier or 0, $4 agency,
-- $5 account, $6 details.
-- params: text text bigint text bigint jsonb
-- one
-- write
SELECT paper_order_v1($1, $2, $3, $4, $5, $6)
