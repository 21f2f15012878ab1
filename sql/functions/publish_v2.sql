-- Publishes a node's configuration in one commit: agencies, calendars, procedure versions, and keys
-- where there are none yet. Returns {generation, changed, procedures, calendars, conflicts}; with
-- conflicts (the same code and version with another content) nothing is published; where the content
-- differs in the steps of a shared workflow, that is named.
-- One node at a time: the advisory lock is given back at commit.
CREATE OR REPLACE FUNCTION publish_v2(agencies json, procedures json, calendars json, keys json,
                                      publisher text) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    conflicts json;
    n_agencies bigint;
    n_procedures bigint;
    n_calendars bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dvcd.publish'));

    SELECT json_agg(json_build_object(
               'code', p.code, 'version', p.version,
               'workflow', CASE WHEN old.flow -> 'use' = new.flow -> 'use'
                                     AND old.flow -> 'version' = new.flow -> 'version'
                                     AND old.flow -> 'steps' <> new.flow -> 'steps'
                                THEN new.flow ->> 'use' END,
               'workflow_version', new.flow -> 'version') ORDER BY p.code)
    INTO conflicts
    FROM json_to_recordset(procedures) AS p(code text, version integer, sha256 text, canonical text)
         JOIN procedure_version v USING (code, version),
         LATERAL (SELECT v.canonical::jsonb -> 'workflow' AS flow) old,
         LATERAL (SELECT p.canonical::jsonb -> 'workflow' AS flow) new
    WHERE v.sha256 <> p.sha256;
    IF conflicts IS NOT NULL THEN
        RETURN json_build_object('conflicts', conflicts);
    END IF;

    INSERT INTO agency AS a (code, name, level, parent, commune_code, path, provisional, valid_from,
                             valid_to, calendar, functions, predecessors)
    SELECT x.code, x.name, x.level, x.parent, x.commune_code, x.path, x.provisional,
           coalesce(x.valid_from, '2025-07-01'), x.valid_to, coalesce(x.calendar, 'vn-default'),
           coalesce(x.functions, '{}'), coalesce(x.predecessors, '[]')
    FROM json_to_recordset(agencies) AS x(code text, name text, level text, parent text,
             commune_code text, path text, provisional boolean, valid_from date, valid_to date,
             calendar text, functions text[], predecessors jsonb)
    ON CONFLICT (code) DO UPDATE SET
        name = excluded.name, level = excluded.level, parent = excluded.parent,
        commune_code = excluded.commune_code, path = excluded.path,
        provisional = excluded.provisional, valid_from = excluded.valid_from,
        valid_to = excluded.valid_to, calendar = excluded.calendar,
        functions = excluded.functions, predecessors = excluded.predecessors
    WHERE (a.name, a.level, a.parent, a.commune_code, a.path, a.provisional, a.valid_from,
           a.valid_to, a.calendar, a.functions, a.predecessors) IS DISTINCT FROM
          (excluded.name, excluded.level, excluded.parent, excluded.commune_code, excluded.path,
           excluded.provisional, excluded.valid_from, excluded.valid_to, excluded.calendar,
           excluded.functions, excluded.predecessors);
    GET DIAGNOSTICS n_agencies = ROW_COUNT;

    INSERT INTO procedure_version (code, version, name, name_folded, field, level, authority,
                                   effective_from, effective_to, sha256, canonical, published_by)
    SELECT p.code, p.version, p.name, p.name_folded, p.field, p.level, p.authority,
           p.effective_from, p.effective_to, p.sha256, p.canonical, publisher
    FROM json_to_recordset(procedures) AS p(code text, version integer, name text,
             name_folded text, field text, level text, authority text, effective_from date,
             effective_to date, sha256 text, canonical text)
    ON CONFLICT (code, version) DO NOTHING;
    GET DIAGNOSTICS n_procedures = ROW_COUNT;

    INSERT INTO calendar_version (name, sha256, canonical)
    SELECT c.name, c.sha256, c.canonical
    FROM json_to_recordset(calendars) AS c(name text, sha256 text, canonical text)
    WHERE c.sha256 IS DISTINCT FROM (SELECT v.sha256 FROM calendar_version v
                                     WHERE v.name = c.name ORDER BY v.version DESC LIMIT 1);
    GET DIAGNOSTICS n_calendars = ROW_COUNT;

    INSERT INTO server_key (name, key)
    SELECT k.name, decode(k.key, 'hex') FROM json_to_recordset(keys) AS k(name text, key text)
    ON CONFLICT (name) DO NOTHING;

    IF n_agencies + n_procedures + n_calendars > 0 THEN
        UPDATE generation SET number = number + 1, changed_at = clock_timestamp();
    END IF;
    RETURN json_build_object('generation', (SELECT number FROM generation),
                             'agencies', n_agencies, 'procedures', n_procedures,
                             'calendars', n_calendars);
END
$$;
