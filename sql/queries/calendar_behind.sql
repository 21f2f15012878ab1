-- Dossiers whose clock has not ended and whose dates come from an older calendar than the newest of
-- their agency ($1 agencies, $2 versions): after id $3, at most $4.
-- params: text[] bigint[] bigint integer
SELECT d.id
FROM unnest($1, $2) AS newest(agency, version)
     JOIN dossier d ON d.agency_competent = newest.agency AND d.clock <> 'ended'
          AND d.calendar_version < newest.version
WHERE d.id > $3
ORDER BY d.id LIMIT $4
