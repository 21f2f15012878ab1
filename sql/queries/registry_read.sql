-- What is published beyond what is known: the generation's number, procedures above id $2 and calendars
-- above version $3; and, when the number is above $1, all that is withdrawn. Ids grow in the order of
-- commits: publishing is one at a time.
-- params: bigint bigint bigint
-- json
SELECT json_build_object(
    'generation', g.number,
    'procedures', (SELECT coalesce(json_agg(json_build_object(
                       'id', p.id, 'code', p.code, 'version', p.version, 'sha256', p.sha256,
                       'from', p.effective_from, 'to', p.effective_to)
                       ORDER BY p.code, p.version), '[]')
                   FROM procedure_version p WHERE p.id > $2),
    'withdrawn', CASE WHEN g.number > $1 THEN
                     (SELECT coalesce(json_agg(p.id), '[]')
                      FROM procedure_version p WHERE p.withdrawn_at IS NOT NULL) END,
    'calendars', (SELECT coalesce(json_agg(json_build_object(
                      'version', c.version, 'name', c.name) ORDER BY c.version), '[]')
                  FROM calendar_version c WHERE c.version > $3))
FROM generation g
