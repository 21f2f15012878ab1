-- What a node found when it read its configuration: node, start or reload, whether it is served, errors
-- in all, those kept as [{file, line, column, message, rule}].
-- params: text text boolean integer jsonb
-- write
-- repeatable
INSERT INTO config_reading (node, cause, served, total, errors) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (node) DO UPDATE SET at = clock_timestamp(), seen_at = clock_timestamp(), cause = excluded.cause,
    served = excluded.served, total = excluded.total, errors = excluded.errors
