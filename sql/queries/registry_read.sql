-- What is published: the generation's number, the procedures and the calendars in their versions.
-- params: bigint
-- json
SELECT json_build_object(
    'generation', g.number,
    'procedures', (SELECT coalesce(json_agg(json_build_object(
                       'id', p.id, 'code', p.code, 'version', p.version, 'sha256', p.sha256,
                       'withdrawn', p.withdrawn_at IS NOT NULL) ORDER BY p.code, p.version), '[]')
                   FROM procedure_version p WHERE g.number > $1),
    'calendars', (SELECT coalesce(json_agg(json_build_object(
                      'version', c.version, 'name', c.name, 'sha256', c.sha256)
                      ORDER BY c.version), '[]')
                  FROM calendar_version c WHERE g.number > $1))
FROM generation g
