-- Keeps the PDF of an ordered print: once. As paper_form_keep; $6 number of the order.
-- params: text bigint bytea text bytea bigint
-- one
-- write
-- repeatable
WITH kept AS MATERIALIZED (SELECT paper_keep_v1($1, $2, $3, $4, $5)), linked AS (
    UPDATE paper_order o SET document = $1, state = 'done', error = NULL FROM kept
    WHERE o.id = $6 AND o.document IS NULL
)
SELECT count(*) FROM kept
