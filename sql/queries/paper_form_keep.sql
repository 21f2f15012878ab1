-- Keeps the PDF of an issued form: once. $1 its id, $2 owner (0: nobody's upload), $3 digest, $4 file name, $5 bytes,
-- $6 dossier, $7 number of the form's row.
-- params: text bigint bytea text bytea bigint integer
-- one
-- write
-- repeatable
WITH kept AS MATERIALIZED (SELECT paper_keep_v1($1, $2, $3, $4, $5)), linked AS (
    UPDATE form_issued f SET document = $1 FROM kept
    WHERE f.dossier_id = $6 AND f.no = $7 AND f.document IS NULL
)
SELECT count(*) FROM kept
