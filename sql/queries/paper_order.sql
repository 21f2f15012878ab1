-- One ordered print. Rights ($2 account; null: the courier, who asks for none): a register is for
-- whoever holds a role at its agency now, other than the post's and the administrator's; one that
-- names persons is not for an auditor.
-- params: bigint bigint
-- one
SELECT o.kind, o.state, o.document, o.error, o.dossier_id, o.agency, o.account, o.args,
       $2::bigint IS NULL OR o.kind = 'register' AND EXISTS (
           SELECT FROM account_places_v1($2) p
           WHERE p.agency = o.agency AND p.role NOT IN ('postal', 'admin')
             AND (p.role <> 'auditor' OR (o.args ->> 'masked')::boolean)
             AND p.procedure IS NULL) AS allowed,
       o.at
FROM paper_order o
WHERE o.id = $1
