-- A version is no longer offered (or, with `undo`, offered again); its dossiers go on by it. Files are not
-- asked: publishing the same version again does not bring it back. Answers {withdrawn, changed, in_force:
-- the version that is offered today or null, open: dossiers of this version}; {"error": "version_unknown"}.
CREATE OR REPLACE FUNCTION procedure_withdraw_v1(code text, no integer, why text, who text, undo boolean)
RETURNS json
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    today constant date := (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    target procedure_version;
    changes boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dvcd.publish'));
    SELECT * INTO target FROM procedure_version v WHERE v.code = code AND v.version = no FOR UPDATE;
    IF target.id IS NULL THEN
        RETURN json_build_object('error', 'version_unknown');
    END IF;
    changes := (target.withdrawn_at IS NOT NULL) = undo;
    IF changes THEN
        UPDATE procedure_version v
        SET withdrawn_at = CASE WHEN undo THEN NULL ELSE clock_timestamp() END,
            withdrawn_by = who, withdrawn_reason = why
        WHERE v.id = target.id;
        UPDATE generation SET number = number + 1, changed_at = clock_timestamp();
    END IF;
    RETURN json_build_object(
        'code', code, 'version', no, 'withdrawn', NOT undo, 'changed', changes,
        'in_force', (SELECT max(v.version) FROM procedure_version v
                     WHERE v.code = code AND v.withdrawn_at IS NULL
                       AND coalesce(v.effective_from <= today, true)
                       AND coalesce(v.effective_to >= today, true)),
        'open', (SELECT count(*) FROM dossier d
                 WHERE d.procedure_id = target.id AND d.ended_at IS NULL));
END
$$;
