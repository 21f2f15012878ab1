-- Orders that move open dossiers to another version (migration_order). Written by dvcctl, carried out
-- by the clock that holds the lease; every function stays right when two run at once.

-- Takes an order. Answers {"order": id}, or {"error": ..., "detail": ...}: version_unknown,
-- version_not_in_force, from_unknown, same_version, step_unknown, busy (another is not done yet).
CREATE OR REPLACE FUNCTION migration_order_v1(code text, from_no integer, to_no integer, map jsonb,
                                              why text, who text, rehearse boolean) RETURNS json
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    target procedure_version;
    today constant date := (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    missing text;
    made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dvcd.migration'));
    SELECT * INTO target FROM procedure_version v WHERE v.code = code AND v.version = to_no;
    IF target.id IS NULL THEN
        RETURN json_build_object('error', 'version_unknown', 'detail', to_no);
    END IF;
    IF target.withdrawn_at IS NOT NULL OR target.effective_from > today
       OR target.effective_to < today THEN
        RETURN json_build_object('error', 'version_not_in_force', 'detail',
                                 coalesce(target.effective_from::text, '') || '..'
                                 || coalesce(target.effective_to::text, ''));
    END IF;
    IF from_no = to_no THEN
        RETURN json_build_object('error', 'same_version', 'detail', to_no);
    END IF;
    IF from_no IS NOT NULL AND NOT EXISTS (SELECT FROM procedure_version v
                                           WHERE v.code = code AND v.version = from_no) THEN
        RETURN json_build_object('error', 'from_unknown', 'detail', from_no);
    END IF;
    SELECT m.value INTO missing FROM jsonb_each_text(map) m
    WHERE NOT target.canonical::jsonb #> '{workflow,steps}' ? m.value LIMIT 1;
    IF missing IS NULL THEN
        SELECT m.key INTO missing FROM jsonb_each_text(map) m
        WHERE NOT EXISTS (SELECT FROM procedure_version v
                          WHERE v.code = code AND v.version <> to_no
                            AND (from_no IS NULL OR v.version = from_no)
                            AND v.canonical::jsonb #> '{workflow,steps}' ? m.key) LIMIT 1;
    END IF;
    IF missing IS NOT NULL THEN
        RETURN json_build_object('error', 'step_unknown', 'detail', missing);
    END IF;
    SELECT o.id INTO made FROM migration_order o WHERE o.ended_at IS NULL;
    IF made IS NOT NULL THEN
        RETURN json_build_object('error', 'busy', 'detail', made);
    END IF;
    INSERT INTO migration_order (procedure, from_version, to_version, to_id, steps, reason,
                                 ordered_by, rehearsal)
    VALUES (code, from_no, to_no, target.id, map, why, who, rehearse)
    RETURNING id INTO made;
    RETURN json_build_object('order', made);
END
$$;

-- Lists what the order is about and is not listed yet. Dossiers that were filed in an older version
-- while it ran come by the last call.
CREATE OR REPLACE FUNCTION migration_list_v1(wanted migration_order) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    added bigint;
BEGIN
    INSERT INTO migration_dossier (order_id, dossier_id, from_version, outcome)
    SELECT wanted.id, d.id, v.version, 'waiting'
    FROM procedure_version v JOIN dossier d ON d.procedure_id = v.id
    WHERE v.code = wanted.procedure AND v.version <> wanted.to_version
      AND CASE WHEN wanted.from_version IS NULL THEN v.version < wanted.to_version
               ELSE v.version = wanted.from_version END
      AND d.ended_at IS NULL
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END
$$;

-- The order under way, with at most `most` of the dossiers that wait; null when there is none. Begins it
-- and ends it, with no dossiers then.
CREATE OR REPLACE FUNCTION migration_page_v1(most integer) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    found migration_order;
    waiting json;
BEGIN
    SELECT * INTO found FROM migration_order o WHERE o.ended_at IS NULL FOR UPDATE;
    IF found.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF found.started_at IS NULL THEN
        PERFORM migration_list_v1(found);
        UPDATE migration_order SET started_at = clock_timestamp() WHERE id = found.id;
    END IF;
    FOR attempt IN 1..2 LOOP
        SELECT json_agg(x.dossier_id) INTO waiting FROM (
            SELECT dossier_id FROM migration_dossier
            WHERE order_id = found.id AND outcome = 'waiting' ORDER BY dossier_id LIMIT most) x;
        EXIT WHEN waiting IS NOT NULL OR migration_list_v1(found) = 0;
    END LOOP;
    IF waiting IS NULL THEN
        UPDATE migration_order SET ended_at = clock_timestamp() WHERE id = found.id;
    END IF;
    RETURN json_build_object('id', found.id, 'procedure', found.procedure, 'to_id', found.to_id,
                             'steps', found.steps, 'reason', found.reason,
                             'ordered_by', found.ordered_by, 'rehearsal', found.rehearsal,
                             'dossiers', coalesce(waiting, '[]'));
END
$$;

-- What became of dossiers. Whoever says it first is right: a second clock finds the work done. Steps
-- that a clock did not live to tell are those of the dossier's event.
CREATE OR REPLACE FUNCTION migration_note_v1(wanted bigint, ids bigint[], outcomes text[],
                                             rules text[], messages text[], moves text[])
RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    noted bigint;
BEGIN
    UPDATE migration_dossier m
    SET outcome = n.outcome, rule = nullif(n.rule, ''), message = nullif(n.message, ''),
        steps = coalesce(nullif(n.steps, '')::jsonb, (
            SELECT jsonb_agg(jsonb_build_array(s ->> 'from', s ->> 'to'))
            FROM event e, jsonb_array_elements(e.body::jsonb -> 'steps') s
            WHERE n.outcome = 'moved' AND e.dossier_id = m.dossier_id AND e.kind = 'migrated'
              AND (e.body::jsonb ->> 'order')::bigint = wanted))
    FROM unnest(ids, outcomes, rules, messages, moves) AS n(id, outcome, rule, message, steps)
    WHERE m.order_id = wanted AND m.dossier_id = n.id AND m.outcome = 'waiting';
    GET DIAGNOSTICS noted = ROW_COUNT;
    RETURN noted;
END
$$;

-- One order (null: the last one) and how far it is; `listed` bounds the dossiers that stayed.
CREATE OR REPLACE FUNCTION migration_status_v1(wanted bigint, listed integer) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'order', o.id, 'procedure', o.procedure, 'from', o.from_version, 'to', o.to_version,
            'map', o.steps, 'reason', o.reason, 'ordered_by', o.ordered_by, 'dry_run', o.rehearsal,
            'ordered_at', o.ordered_at, 'started_at', o.started_at, 'ended_at', o.ended_at,
            'fault', o.fault,
            'counts', (SELECT json_build_object(
                           'listed', count(*),
                           'waiting', count(*) FILTER (WHERE outcome = 'waiting'),
                           'moved', count(*) FILTER (WHERE outcome = 'moved'),
                           'refused', count(*) FILTER (WHERE outcome = 'refused'),
                           'ended', count(*) FILTER (WHERE outcome = 'ended'),
                           'failed', count(*) FILTER (WHERE outcome = 'failed'))
                       FROM migration_dossier WHERE order_id = o.id),
            'steps', (SELECT coalesce(json_agg(x ORDER BY x.version, x."from", x."to"), '[]') FROM (
                          SELECT m.from_version AS version, s ->> 0 AS "from", s ->> 1 AS "to",
                                 count(*) AS count
                          FROM migration_dossier m, jsonb_array_elements(m.steps) s
                          WHERE m.order_id = o.id AND m.outcome = 'moved'
                          GROUP BY 1, 2, 3) x),
            'reasons', (SELECT coalesce(json_agg(x ORDER BY x.count DESC, x.rule), '[]') FROM (
                            SELECT m.rule, m.message, count(*) AS count
                            FROM migration_dossier m
                            WHERE m.order_id = o.id AND m.outcome IN ('refused', 'failed')
                            GROUP BY 1, 2) x),
            'stayed', (SELECT coalesce(json_agg(x ORDER BY x.code), '[]') FROM (
                           SELECT d.code, m.from_version AS version, m.outcome, m.rule, m.message
                           FROM migration_dossier m JOIN dossier d ON d.id = m.dossier_id
                           WHERE m.order_id = o.id AND m.outcome IN ('refused', 'failed')
                           ORDER BY d.code LIMIT listed) x))
        FROM migration_order o
        WHERE o.id = coalesce(wanted, (SELECT max(id) FROM migration_order)));
END
$$;
