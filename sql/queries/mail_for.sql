-- What a mail about a dossier needs: its code, the procedure's name, and where to: the address of the
-- account that is told ($2, 0 none) when it wants mails, else the one that the applicant wrote in the
-- dossier. Null: nowhere.
-- params: bigint bigint
SELECT d.code, v.name,
       coalesce((SELECT nullif(a.email, '') FROM account a
                 WHERE a.id = $2 AND a.mail_notices AND a.disabled_at IS NULL),
                nullif(d.applicant ->> 'email', ''))
FROM dossier d JOIN procedure_version v ON v.id = d.procedure_id
WHERE d.id = $1
