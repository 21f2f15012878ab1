-- One issued form: its PDF when it is printed, and who issued it. $1 dossier, $2 number of the row.
-- params: bigint integer
-- one
SELECT f.document, a.name, a.phone, f.by_account
FROM form_issued f LEFT JOIN account a ON a.id = f.by_account
WHERE f.dossier_id = $1 AND f.no = $2
