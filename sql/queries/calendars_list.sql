-- The calendars in the version in force.
-- json
SELECT json_build_object('items', coalesce(json_agg(json_build_object(
           'name', name, 'title', body ->> 'name', 'version', body ->> 'version',
           'published_at', published_at, 'first_year', (body ->> 'first_year')::integer,
           'last_year', (body ->> 'last_year')::integer) ORDER BY name), '[]'))
FROM (SELECT DISTINCT ON (name) name, published_at, canonical::json AS body
      FROM calendar_version ORDER BY name, version DESC) newest
