-- A dossier's history, oldest first, for whoever may see the dossier. $3 after this seq, $4 how many.
-- Free text beside an event is shown to those who see personal data: not to an auditor only.
-- params: bigint text bigint integer
-- one
WITH d AS (
    SELECT dossier.* FROM dossier
    WHERE id = coalesce((SELECT id FROM dossier WHERE code = $2),
                        (SELECT id FROM dossier WHERE external_code = $2))
      AND dossier_visible_v1($1, dossier)
), page AS (
    SELECT e.*, lag(e.hash) OVER (ORDER BY e.seq) AS before
    FROM event e WHERE e.dossier_id = (SELECT id FROM d) AND e.seq >= $3
    ORDER BY e.seq LIMIT $4 + 2
), shown AS (
    SELECT * FROM page WHERE seq > $3 ORDER BY seq LIMIT $4
)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'seq', seq, 'at', at, 'kind', kind, 'actor', actor, 'role', role, 'body', body,
            'previous_hash', coalesce(encode(before, 'hex'), repeat('0', 64)),
            'hash', encode(hash, 'hex')) ORDER BY seq), '[]') FROM shown) AS items,
       (SELECT max(seq) FROM shown
        WHERE (SELECT max(seq) FROM page) > (SELECT max(seq) FROM shown))::text AS next,
       EXISTS (SELECT FROM d) AS found
