-- How many dossiers there are, and the time of the last event.
-- one
SELECT (SELECT count(*) FROM dossier), (SELECT max(last_event_at) FROM dossier)
