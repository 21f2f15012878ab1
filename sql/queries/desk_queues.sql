-- The queues an account may follow: role $2, agency $3, or null. $4 how many at most.
-- params: bigint text text integer
SELECT agency, role FROM account_desks_v1($1)
WHERE ($2::text IS NULL OR role = $2) AND ($3::text IS NULL OR agency = $3)
ORDER BY agency, role LIMIT $4
