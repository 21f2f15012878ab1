-- Folds at most $1 deltas: what is taken out is added in the same commit, so that every reader sees each
-- once. Rows that another folder works on are left to it; both write in one order.
-- params: integer
-- one
-- write
-- repeatable
WITH taken AS (
    DELETE FROM stat_delta
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM stat_delta LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING *
), folded AS (
    INSERT INTO stat_fold AS f (day, agency, procedure, channel, measure, due_day, count)
    SELECT day, agency, procedure, channel, measure, due_day, sum(count)
    FROM taken
    GROUP BY agency, procedure, channel, measure, day, due_day
    HAVING sum(count) <> 0
    ORDER BY agency, procedure, channel, measure, day, due_day
    ON CONFLICT (agency, procedure, channel, measure, day, due_day)
    DO UPDATE SET count = f.count + excluded.count
)
SELECT count(*) FROM taken
