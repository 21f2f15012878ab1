-- Records of the caller's agencies and post offices, newest first. $2 agency, $3 office, $4 state, or
-- null; $5 before this id, $6 how many, $7 names of a parcel's states.
-- params: bigint text text text bigint integer json
WITH places AS MATERIALIZED (
    SELECT DISTINCT role = 'postal' AS postal, agency FROM account_places_v1($1)
    WHERE procedure IS NULL AND role NOT IN ('admin', 'auditor')
), ids AS (
    SELECT h.id
    FROM places p CROSS JOIN LATERAL (
        (SELECT h.id FROM handover h
         WHERE NOT p.postal AND h.agency = p.agency AND h.id < $5
           AND ($2::text IS NULL OR h.agency = $2) AND ($3::text IS NULL OR h.office = $3)
           AND ($4::text IS NULL OR h.state = $4)
         ORDER BY h.id DESC LIMIT $6 + 1)
        UNION ALL
        (SELECT h.id FROM handover h
         WHERE p.postal AND h.office = p.agency AND h.id < $5
           AND ($2::text IS NULL OR h.agency = $2) AND ($3::text IS NULL OR h.office = $3)
           AND ($4::text IS NULL OR h.state = $4)
         ORDER BY h.id DESC LIMIT $6 + 1)) h
)
SELECT handover_json_v1(h, $7) AS item, h.id::text AS place
FROM handover h
WHERE h.id = ANY (ARRAY(SELECT DISTINCT id FROM ids ORDER BY id DESC LIMIT $6 + 1))
ORDER BY h.id DESC
