-- Hand-over records (biên bản giao nhận). The functions that write answer {"fault": code, ...} or the
-- record's id; rights are checked by the caller (daemon/service/handover.h).

-- One record as the API shows it. names: {"collect/ordered": name of the state, ...}.
CREATE OR REPLACE FUNCTION handover_json_v1(h handover, names json) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'id', h.id, 'number', h.no || '/' || h.year || '/BBGN-' || h.agency,
        'agency', h.agency, 'agency_name', (SELECT a.name FROM agency a WHERE a.code = h.agency),
        'office', h.office, 'office_name', (SELECT a.name FROM agency a WHERE a.code = h.office),
        'direction', h.direction, 'state', h.state, 'originals', h.originals, 'copies', h.copies,
        'note', h.note, 'made_by', (SELECT a.name FROM account a WHERE a.id = h.made_by),
        'made_at', h.made_at, 'ended_at', h.ended_at,
        'agency_signed', CASE WHEN h.agency_at IS NOT NULL
            THEN json_build_object('name', h.agency_name, 'at', h.agency_at) END,
        'office_signed', CASE WHEN h.office_at IS NOT NULL
            THEN json_build_object('name', h.office_name, 'at', h.office_at) END,
        'parcels', (SELECT coalesce(json_agg(json_build_object(
                'id', p.no, 'code', d.code, 'dossier', d.code, 'procedure', d.procedure,
                'procedure_name', v.name, 'direction', p.direction,
                'order_number', p.order_number, 'item_code', p.item_code, 'state', p.state,
                'state_name', names ->> (p.direction || '/' || p.state), 'office', p.office,
                'receiver', json_build_object('name', d.delivery_to ->> 'name',
                                              'phone', d.delivery_to ->> 'phone',
                                              'address', d.delivery_to -> 'address'),
                'waits', hp.waits, 'outcome', hp.outcome, 'done_at', hp.done_at)
                ORDER BY hp.place), '[]')
            FROM handover_parcel hp
                 JOIN parcel p ON p.dossier_id = hp.dossier_id AND p.no = hp.parcel_no
                 JOIN dossier d ON d.id = hp.dossier_id
                 JOIN procedure_version v ON v.id = d.procedure_id
            WHERE hp.handover = h.id))
$$;

-- The records of an account's agencies and post offices.
CREATE OR REPLACE FUNCTION handover_visible_v1(who bigint, h handover) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM account_places_v1(who) p
                   WHERE p.procedure IS NULL
                     AND (p.agency = h.agency AND p.role NOT IN ('postal', 'admin', 'auditor')
                          OR p.agency = h.office AND p.role = 'postal'))
$$;

-- `side` agency or office: the maker's. `states`: those from which a parcel can be handed over.
CREATE OR REPLACE FUNCTION handover_make_v1(
    who bigint, who_name text, side text, of_agency text, of_office text, of_direction text,
    orders text[], n_originals integer, n_copies integer, a_note text, states text[],
    a_key text, a_digest bytea) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    known handover;
    bad record;
    at timestamptz := clock_timestamp();
    of_year integer := extract(year FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh');
    number integer;
    made bigint;
BEGIN
    -- One record of an agency at a time, and nobody else with these parcels: what is checked stays so.
    INSERT INTO handover_counter AS c (agency, year, last) VALUES (of_agency, of_year, 0)
    ON CONFLICT (agency, year) DO UPDATE SET last = c.last;
    PERFORM FROM parcel WHERE order_number = ANY (orders) ORDER BY dossier_id, no FOR NO KEY UPDATE;
    SELECT * INTO known FROM handover WHERE made_by = who AND key = a_key;
    IF FOUND THEN
        IF known.key_digest <> a_digest THEN
            RETURN json_build_object('fault', 'idempotency_key_reused');
        END IF;
        RETURN json_build_object('id', known.id);
    END IF;
    SELECT * INTO bad FROM (
        SELECT o.place - 1 AS place,
               CASE WHEN p.order_number IS NULL OR p.office IS DISTINCT FROM of_office
                         OR of_agency NOT IN (d.agency_receiving, d.agency_competent)
                    THEN 'parcel_unknown'
                    WHEN p.direction <> of_direction THEN 'parcel_direction'
                    WHEN p.state <> ALL (states) THEN 'parcel_state'
                    WHEN EXISTS (SELECT FROM handover_parcel h
                                 WHERE h.dossier_id = p.dossier_id AND h.parcel_no = p.no AND h.live)
                    THEN 'parcel_taken' END AS fault
        FROM unnest(orders) WITH ORDINALITY o (order_number, place)
             LEFT JOIN parcel p ON p.order_number = o.order_number
             LEFT JOIN dossier d ON d.id = p.dossier_id) faults
    ORDER BY faults.fault IS NULL, faults.place LIMIT 1;
    IF bad.fault IS NOT NULL THEN
        RETURN json_build_object('fault', bad.fault, 'place', bad.place);
    END IF;
    UPDATE handover_counter SET last = last + 1 WHERE agency = of_agency AND year = of_year
    RETURNING last INTO number;
    INSERT INTO handover (agency, office, direction, year, no, state, originals, copies, note,
                          made_by, made_at, agency_by, agency_name, agency_at, office_by,
                          office_name, office_at, key, key_digest)
    VALUES (of_agency, of_office, of_direction, of_year, number, 'open', n_originals, n_copies,
            a_note, who, at,
            CASE side WHEN 'agency' THEN who END, CASE side WHEN 'agency' THEN who_name END,
            CASE side WHEN 'agency' THEN at END, CASE side WHEN 'office' THEN who END,
            CASE side WHEN 'office' THEN who_name END, CASE side WHEN 'office' THEN at END,
            a_key, a_digest)
    RETURNING id INTO made;
    INSERT INTO handover_parcel (handover, dossier_id, parcel_no, place)
    SELECT made, p.dossier_id, p.no, o.place
    FROM unnest(orders) WITH ORDINALITY o (order_number, place)
         JOIN parcel p ON p.order_number = o.order_number
    ORDER BY p.dossier_id, p.no;
    RETURN json_build_object('id', made);
END
$$;

-- The other side's signature: from here on the record is signed, whatever happens to its parcels.
-- `at`: by the clock of the worker that decides next, so that what follows is not before it.
CREATE OR REPLACE FUNCTION handover_sign_v2(wanted bigint, who bigint, who_name text, side text,
                                            at timestamptz) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    h handover;
BEGIN
    SELECT * INTO h FROM handover WHERE id = wanted FOR UPDATE;
    IF h.state = 'signed' THEN
        RETURN json_build_object('id', wanted);
    ELSIF h.state = 'cancelled' THEN
        RETURN json_build_object('fault', 'cancelled');
    ELSIF who IN (h.agency_by, h.office_by) THEN
        RETURN json_build_object('fault', 'same_signer');
    ELSIF side = 'agency' AND h.agency_at IS NOT NULL OR side = 'office' AND h.office_at IS NOT NULL THEN
        RETURN json_build_object('fault', 'signed_already');
    END IF;
    UPDATE handover SET
        state = 'signed', ended_at = at,
        agency_by = CASE side WHEN 'agency' THEN who ELSE agency_by END,
        agency_name = CASE side WHEN 'agency' THEN who_name ELSE agency_name END,
        agency_at = CASE side WHEN 'agency' THEN at ELSE agency_at END,
        office_by = CASE side WHEN 'office' THEN who ELSE office_by END,
        office_name = CASE side WHEN 'office' THEN who_name ELSE office_name END,
        office_at = CASE side WHEN 'office' THEN at ELSE office_at END
    WHERE id = wanted;
    UPDATE handover_parcel SET waits = true WHERE handover = wanted;
    RETURN json_build_object('id', wanted);
END
$$;

CREATE OR REPLACE FUNCTION handover_cancel_v1(wanted bigint, who bigint) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    h handover;
BEGIN
    SELECT * INTO h FROM handover WHERE id = wanted FOR UPDATE;
    IF h.state = 'signed' THEN
        RETURN json_build_object('fault', 'signed');
    END IF;
    UPDATE handover SET state = 'cancelled', cancelled_by = who, ended_at = clock_timestamp()
    WHERE id = wanted AND state = 'open';
    UPDATE handover_parcel SET live = false WHERE handover = wanted;
    RETURN json_build_object('id', wanted);
END
$$;
