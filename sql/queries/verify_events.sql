-- All events of the dossiers above id $1 up to $2, also those whose dossier is not there.
-- params: bigint bigint
SELECT dossier_id, seq, body, encode(hash, 'hex')
FROM event
WHERE dossier_id > $1 AND dossier_id <= $2
ORDER BY dossier_id, seq
