-- Publishes a node's configuration in one commit: agencies, calendars, procedure versions, and keys
-- where there are none yet. Returns {generation, agencies, procedures, calendars, older, conflicts};
-- with conflicts (the same code and version with another content) nothing is published; where the
-- content differs in the steps of a shared workflow, that is named.
-- Agencies or a calendar that were published once and replaced since are a node's old files: they are
-- left out and named in `older`, unless `before` (what the node read last, {agencies: sha256, calendars:
-- {name: sha256}}; null at its start) was the newest, so that somebody took it back knowing it, or
-- `take_back` says so.
-- One node at a time: the advisory lock is given back at commit.
CREATE OR REPLACE FUNCTION publish_v3(agencies json, agencies_sha256 text, procedures json,
                                      calendars json, keys json, publisher text, before json,
                                      take_back boolean)
RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    conflicts json;
    n_agencies bigint;
    n_procedures bigint;
    n_calendars bigint;
    newest_agencies text;
    older_agencies boolean;
    older_calendars text[];
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

    SELECT sha256 INTO newest_agencies FROM agency_publication ORDER BY id DESC LIMIT 1;
    older_agencies := NOT take_back AND agencies_sha256 IS DISTINCT FROM newest_agencies
        AND EXISTS (SELECT FROM agency_publication p WHERE p.sha256 = agencies_sha256)
        AND before ->> 'agencies' IS DISTINCT FROM newest_agencies;
    IF NOT older_agencies AND agencies_sha256 IS DISTINCT FROM newest_agencies THEN
        INSERT INTO agency_publication (sha256, published_by) VALUES (agencies_sha256, publisher);
    END IF;

    INSERT INTO agency AS a (code, name, level, parent, commune_code, path, provisional, valid_from,
                             valid_to, calendar, functions, predecessors)
    SELECT x.code, x.name, x.level, x.parent, x.commune_code, x.path, x.provisional,
           coalesce(x.valid_from, '2025-07-01'), x.valid_to, coalesce(x.calendar, 'vn-default'),
           coalesce(x.functions, '{}'), coalesce(x.predecessors, '[]')
    FROM json_to_recordset(agencies) AS x(code text, name text, level text, parent text,
             commune_code text, path text, provisional boolean, valid_from date, valid_to date,
             calendar text, functions text[], predecessors jsonb)
    WHERE NOT older_agencies
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

    SELECT coalesce(array_agg(c.name ORDER BY c.name), '{}') INTO older_calendars
    FROM json_to_recordset(calendars) AS c(name text, sha256 text),
         LATERAL (SELECT v.sha256 FROM calendar_version v
                  WHERE v.name = c.name ORDER BY v.version DESC LIMIT 1) newest
    WHERE NOT take_back AND c.sha256 <> newest.sha256
      AND EXISTS (SELECT FROM calendar_version v WHERE v.name = c.name AND v.sha256 = c.sha256)
      AND before -> 'calendars' ->> c.name IS DISTINCT FROM newest.sha256;

    INSERT INTO calendar_version (name, sha256, canonical)
    SELECT c.name, c.sha256, c.canonical
    FROM json_to_recordset(calendars) AS c(name text, sha256 text, canonical text)
    WHERE c.name <> ALL (older_calendars)
      AND c.sha256 IS DISTINCT FROM (SELECT v.sha256 FROM calendar_version v
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
                             'calendars', n_calendars,
                             'older', to_json(CASE WHEN older_agencies THEN ARRAY['agencies']
                                                   ELSE '{}' END || older_calendars));
END
$$;
