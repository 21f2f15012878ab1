-- Published versions that are offered or still have open dossiers, and what the nodes' last readings of
-- their files found wrong; a node that has not been seen for ten minutes is not asked.
-- json
SELECT json_build_object(
    'items', (SELECT coalesce(json_agg(json_build_object(
                  'code', p.code, 'version', p.version, 'name', p.name, 'field', p.field,
                  'published_at', p.published_at, 'published_by', p.published_by,
                  'sha256', p.sha256, 'effective_from', p.effective_from,
                  'effective_to', p.effective_to, 'withdrawn', p.withdrawn_at IS NOT NULL,
                  'open_dossiers', coalesce(o.count, 0)) ORDER BY p.code, p.version), '[]')
              FROM procedure_version p
                   LEFT JOIN (SELECT procedure_id, count(*) AS count FROM dossier
                              WHERE clock <> 'ended' GROUP BY procedure_id) o
                       ON o.procedure_id = p.id
              WHERE p.withdrawn_at IS NULL OR o.count > 0),
    'errors', (SELECT coalesce(json_agg(e.error), '[]')
               FROM config_reading r, jsonb_array_elements(r.errors) AS e(error)
               WHERE r.seen_at > clock_timestamp() - interval '10 minutes'),
    'errors_at', (SELECT max(at) FROM config_reading
                  WHERE total > 0 AND seen_at > clock_timestamp() - interval '10 minutes'))
