-- May this account have the register of this agency, would it be without persons (an auditor's), and
-- how many dossiers would it hold (at most one more than $6)? $1 account, $2 agency, $3 first and
-- $4 last day of reception, $5 procedure or null.
-- params: bigint text date date text integer
-- one
SELECT coalesce(bool_and(p.role = 'auditor'), true) AS masked, count(*) > 0 AS allowed,
       (SELECT count(*) FROM (
            SELECT FROM dossier d
            WHERE (d.agency_competent = $2 OR d.agency_receiving = $2)
              AND d.received_at >= $3::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
              AND d.received_at < ($4 + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
              AND ($5::text IS NULL OR d.procedure = $5)
            LIMIT $6 + 1) x)
FROM account_places_v1($1) p
WHERE p.agency = $2 AND p.role NOT IN ('postal', 'admin') AND p.procedure IS NULL
