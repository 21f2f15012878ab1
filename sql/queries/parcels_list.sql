-- Parcels of the caller's post office or agencies: name, phone and address of the receiver, never ID
-- numbers or form contents. $2 direction, $3 state, $4 agency, $5 post office, $6 and $7 the
-- last parcel of the page before, $8 how many, $9 {state: its name}.
-- params: bigint text text text text bigint integer integer json
-- one
WITH places AS MATERIALIZED (SELECT DISTINCT role, agency FROM account_places_v1($1)
                             WHERE role NOT IN ('admin', 'auditor')),
ids AS (
    (SELECT p.dossier_id, p.no FROM parcel p
     WHERE p.office = ANY (ARRAY(SELECT agency FROM places WHERE role = 'postal'))
       AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
       AND ($4::text IS NULL
            OR $4 = (SELECT d.agency_competent FROM dossier d WHERE d.id = p.dossier_id))
       AND ($5::text IS NULL OR p.office = $5)
       AND ($6::bigint IS NULL OR p.dossier_id < $6 OR (p.dossier_id = $6 AND p.no > $7))
     ORDER BY p.dossier_id DESC, p.no LIMIT $8 + 1)
    UNION
    SELECT x.dossier_id, x.no
    FROM (SELECT DISTINCT agency FROM places WHERE role <> 'postal') a CROSS JOIN LATERAL (
        (SELECT p.dossier_id, p.no FROM dossier d JOIN parcel p ON p.dossier_id = d.id
         WHERE d.agency_competent = a.agency
           AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
           AND ($4::text IS NULL OR d.agency_competent = $4)
           AND ($5::text IS NULL OR p.office = $5)
           AND ($6::bigint IS NULL OR p.dossier_id < $6 OR (p.dossier_id = $6 AND p.no > $7))
         ORDER BY d.id DESC, p.no LIMIT $8 + 1)
        UNION ALL
        (SELECT p.dossier_id, p.no FROM dossier d JOIN parcel p ON p.dossier_id = d.id
         WHERE d.agency_receiving = a.agency AND d.agency_receiving <> d.agency_competent
           AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
           AND ($4::text IS NULL OR d.agency_competent = $4)
           AND ($5::text IS NULL OR p.office = $5)
           AND ($6::bigint IS NULL OR p.dossier_id < $6 OR (p.dossier_id = $6 AND p.no > $7))
         ORDER BY d.id DESC, p.no LIMIT $8 + 1)) x
), found AS (
    SELECT p.*, d.code, d.procedure, d.delivery_to, d.agency_competent
    FROM (SELECT * FROM ids ORDER BY dossier_id DESC, no LIMIT $8 + 1) i
         JOIN parcel p ON p.dossier_id = i.dossier_id AND p.no = i.no
         JOIN dossier d ON d.id = p.dossier_id
    ORDER BY p.dossier_id DESC, p.no
), page AS (SELECT * FROM found ORDER BY dossier_id DESC, no LIMIT $8)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'id', no, 'code', code, 'procedure', procedure, 'agency', agency_competent,
            'direction', direction, 'order_number', order_number, 'item_code', item_code,
            'state', state, 'state_name', $9::json ->> state, 'office', office, 'created_at', created_at, 'state_at', state_at,
            'receiver', json_build_object('name', delivery_to ->> 'name',
                                          'phone', delivery_to ->> 'phone',
                                          'address', delivery_to -> 'address'),
            'events', (SELECT coalesce(json_agg(json_build_object(
                           'at', e.at, 'state', e.state, 'place', e.place, 'note', e.note)
                           ORDER BY e.at, e.source_id), '[]')
                       FROM parcel_event e
                       WHERE e.dossier_id = page.dossier_id AND e.parcel_no = page.no))
            ORDER BY dossier_id DESC, no), '[]') FROM page) AS items,
       (SELECT CASE WHEN (SELECT count(*) FROM found) > $8 THEN dossier_id || '~' || no END
        FROM page ORDER BY dossier_id, no DESC LIMIT 1) AS next
