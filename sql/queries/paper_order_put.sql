-- Orders a print (sql/functions/papers_v1.sql). $1 kind, $2 key or null, $3 dossier or 0, $4 agency,
-- $5 account, $6 details. Beside its number: whether an order of that key asked for something else.
-- params: text text bigint text bigint jsonb
-- one
-- write
SELECT paper_order_v1($1, $2, $3, $4, $5, $6),
       EXISTS (SELECT FROM paper_order o
               WHERE o.key = $2 AND (o.args <> $6 OR o.agency IS DISTINCT FROM $4))
