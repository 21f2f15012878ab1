-- Node $1 is still there. What nobody has refreshed for a day, while this node did, belongs to none that
-- comes back: a container that was thrown away, a host that was renamed. After a day without a database
-- all are as old as this one's and stay. Answers how many went.
-- params: text
-- one
-- write
-- repeatable
WITH here AS (
    UPDATE config_reading SET seen_at = clock_timestamp() WHERE node = $1
), gone AS (
    DELETE FROM config_reading
    WHERE node <> $1
      AND seen_at < (SELECT r.seen_at FROM config_reading r WHERE r.node = $1) - interval '1 day'
    RETURNING node
)
SELECT count(*) FROM gone
