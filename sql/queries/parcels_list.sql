-- Parcels of the caller's post office or agencies: name, phone and address of the receiver, never ID
-- numbers or form contents. $2 direction, $3 state, $4 agency, $5 post office, $6 an order number or
-- waybill in full (what a scanner reads), $7 and $8 the last parcel of the page before, $9 how many,
-- $10 names of states.
-- params: bigint text text text text text bigint integer integer json
WITH places AS MATERIALIZED (SELECT DISTINCT role, agency, procedure FROM account_places_v1($1)
                             WHERE role NOT IN ('admin', 'auditor')),
scanned AS MATERIALIZED (
    SELECT dossier_id, no FROM parcel WHERE order_number = $6
    UNION
    SELECT dossier_id, no FROM parcel WHERE item_code = $6
), ids AS (
    SELECT p.dossier_id, p.no
    FROM scanned JOIN parcel p USING (dossier_id, no) JOIN dossier d ON d.id = p.dossier_id
    WHERE EXISTS (SELECT FROM places a
                  WHERE (a.procedure IS NULL OR a.procedure = d.procedure)
                    AND (a.role = 'postal' AND a.agency = p.office
                         OR a.role <> 'postal'
                            AND a.agency IN (d.agency_competent, d.agency_receiving)))
      AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
      AND ($4::text IS NULL OR d.agency_competent = $4) AND ($5::text IS NULL OR p.office = $5)
      AND ($7::bigint IS NULL OR p.dossier_id < $7 OR (p.dossier_id = $7 AND p.no > $8))
    UNION
    -- The newest of each post office by its index.
    SELECT x.dossier_id, x.no
    FROM (SELECT agency, bool_or(procedure IS NULL) AS whole, array_agg(procedure) AS procedures
          FROM places WHERE role = 'postal' AND ($5::text IS NULL OR agency = $5)
          GROUP BY agency) a CROSS JOIN LATERAL (
        SELECT p.dossier_id, p.no FROM parcel p
        WHERE $6::text IS NULL AND p.office = a.agency
          AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
          AND (a.whole OR EXISTS (SELECT FROM dossier d
                                  WHERE d.id = p.dossier_id AND d.procedure = ANY (a.procedures)))
          AND ($4::text IS NULL
               OR $4 = (SELECT d.agency_competent FROM dossier d WHERE d.id = p.dossier_id))
          AND ($7::bigint IS NULL OR p.dossier_id < $7 OR (p.dossier_id = $7 AND p.no > $8))
        ORDER BY p.dossier_id DESC, p.no LIMIT $9 + 1) x
    UNION
    SELECT DISTINCT x.dossier_id, x.no
    FROM (SELECT DISTINCT agency, procedure FROM places WHERE role <> 'postal') a CROSS JOIN LATERAL (
        (SELECT p.dossier_id, p.no FROM dossier d JOIN parcel p ON p.dossier_id = d.id
         WHERE $6::text IS NULL AND d.agency_competent = a.agency
           AND (a.procedure IS NULL OR a.procedure = d.procedure)
           AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
           AND ($4::text IS NULL OR d.agency_competent = $4)
           AND ($5::text IS NULL OR p.office = $5)
           AND ($7::bigint IS NULL OR p.dossier_id < $7 OR (p.dossier_id = $7 AND p.no > $8))
         ORDER BY d.id DESC, p.no LIMIT $9 + 1)
        UNION ALL
        (SELECT p.dossier_id, p.no FROM dossier d JOIN parcel p ON p.dossier_id = d.id
         WHERE $6::text IS NULL
           AND d.agency_receiving = a.agency AND d.agency_receiving <> d.agency_competent
           AND (a.procedure IS NULL OR a.procedure = d.procedure)
           AND ($2::text IS NULL OR p.direction = $2) AND ($3::text IS NULL OR p.state = $3)
           AND ($4::text IS NULL OR d.agency_competent = $4)
           AND ($5::text IS NULL OR p.office = $5)
           AND ($7::bigint IS NULL OR p.dossier_id < $7 OR (p.dossier_id = $7 AND p.no > $8))
         ORDER BY d.id DESC, p.no LIMIT $9 + 1)) x
)
SELECT json_build_object(
           'id', p.no, 'code', d.code, 'dossier', d.code, 'procedure', d.procedure,
           'procedure_name', v.name, 'agency', d.agency_competent,
           'agency_name', (SELECT a.name FROM agency a WHERE a.code = d.agency_competent),
           'receiving_agency', d.agency_receiving,
           'direction', p.direction, 'order_number', p.order_number, 'item_code', p.item_code,
           'state', p.state, 'state_name', $10::json ->> (p.direction || '/' || p.state),
           'office', p.office,
           'office_name', (SELECT a.name FROM agency a WHERE a.code = p.office),
           'created_at', p.created_at, 'state_at', p.state_at,
           'receiver', json_build_object('name', d.delivery_to ->> 'name',
                                         'phone', d.delivery_to ->> 'phone',
                                         'address', d.delivery_to -> 'address'),
           'handover', (SELECT h.handover FROM handover_parcel h
                        WHERE h.dossier_id = p.dossier_id AND h.parcel_no = p.no AND h.live),
           'events', (SELECT coalesce(json_agg(json_build_object(
                          'at', e.at, 'state', e.state, 'place', e.place, 'note', e.note)
                          ORDER BY e.at, e.source_id), '[]')
                      FROM parcel_event e
                      WHERE e.dossier_id = p.dossier_id AND e.parcel_no = p.no)) AS item,
       p.dossier_id || '~' || p.no AS place, p.direction, d.procedure_id,
       (SELECT coalesce(json_agg(json_build_object('paper', g.paper, 'copies', g.copies)
                                 ORDER BY g.no), '[]')
        FROM dossier_paper g WHERE g.dossier_id = p.dossier_id)
FROM (SELECT dossier_id, no FROM ids ORDER BY dossier_id DESC, no LIMIT $9 + 1) i
     JOIN parcel p ON p.dossier_id = i.dossier_id AND p.no = i.no
     JOIN dossier d ON d.id = p.dossier_id
     JOIN procedure_version v ON v.id = d.procedure_id
ORDER BY p.dossier_id DESC, p.no
