-- Takes or renews a lease: $1 name, $2 holder, $3 microseconds. No row: another holds it. The term grows
-- with each change of hands.
-- params: text text bigint
-- one
-- write
-- repeatable
INSERT INTO lease AS l (name, holder, term, until)
VALUES ($1, $2, 1, clock_timestamp() + make_interval(secs => $3 / 1e6))
ON CONFLICT (name) DO UPDATE
SET term = l.term + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END,
    holder = excluded.holder, until = excluded.until
WHERE l.holder = excluded.holder OR l.until < clock_timestamp()
RETURNING term
