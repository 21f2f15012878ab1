-- Where a dossier stands in the workflow of its version, for dvcctl plugin graph.
-- params: text
SELECT d.code, v.canonical, d.state,
       (SELECT coalesce(jsonb_agg(t.step ORDER BY t.no), '[]') FROM task t
        WHERE t.dossier_id = d.id AND t.state = 'open')::text,
       coalesce(d.engine -> 'visits', '{}')::text
FROM dossier d JOIN procedure_version v ON v.id = d.procedure_id
WHERE d.code = $1
