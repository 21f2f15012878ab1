-- One calendar in the version in force; $2 not null: the days of that year only. A day is off, work
-- (hours of its own or another weekday's) or half.
-- params: text integer
-- json
SELECT json_build_object(
    'name', name, 'title', body ->> 'name', 'version', body ->> 'version',
    'first_year', (body ->> 'first_year')::integer, 'last_year', (body ->> 'last_year')::integer,
    'sessions', body -> 'week' -> 'monday' -> 'sessions', 'week', body -> 'week',
    'days', (SELECT coalesce(json_agg(json_build_object(
                 'date', d ->> 'date',
                 'kind', CASE d ->> 'kind' WHEN 'holiday' THEN 'off' WHEN 'closure' THEN 'off'
                                           WHEN 'half_day' THEN 'half' ELSE 'work' END,
                 'as', d ->> 'as', 'half', d ->> 'half', 'sessions', d -> 'hours' -> 'sessions',
                 'note', d ->> 'note', 'source', d ->> 'source') ORDER BY d ->> 'date'), '[]')
             FROM json_array_elements(body -> 'days') AS days(d)
             WHERE $2 IS NULL OR left(d ->> 'date', 4)::integer = $2))
FROM (SELECT name, canonical::json AS body FROM calendar_version
      WHERE name = $1 ORDER BY version DESC LIMIT 1) newest
