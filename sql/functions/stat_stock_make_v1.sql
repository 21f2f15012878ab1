-- Sums up what was open or held at the end of the next Sunday, once something of a later day has been
-- folded; what is folded of that day or before it afterwards is added by stat_fold_note. So a question
-- about the stock of any day reads one such sum and a week of days. After a hundred days the last of
-- each month is enough. Answers 1, or 0 when there is none to make yet.
CREATE OR REPLACE FUNCTION stat_stock_make_v1() RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    latest date;
    next date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dvcd.figures'));
    SELECT max(d.day) INTO latest FROM stat_stock_day d;
    SELECT coalesce(latest, min(f.day) - 1) INTO next FROM stat_fold f;
    next := next + 7 - extract(isodow FROM next)::integer % 7;
    IF next IS NULL OR NOT EXISTS (SELECT FROM stat_fold f WHERE f.measure = 'open' AND f.day > next)
    THEN
        RETURN 0;
    END IF;
    INSERT INTO stat_stock_day (day) VALUES (next);
    INSERT INTO stat_stock (day, agency, procedure, channel, measure, due_day, count)
    SELECT next, s.agency, s.procedure, s.channel, s.measure, s.due_day, sum(s.count)
    FROM (SELECT t.agency, t.procedure, t.channel, t.measure, t.due_day, t.count
          FROM stat_stock t WHERE t.day = latest
          UNION ALL
          SELECT f.agency, f.procedure, f.channel, f.measure, f.due_day, f.count
          FROM stat_fold f
          WHERE f.measure IN ('open', 'held') AND f.day <= next
            AND f.day > coalesce(latest, '-infinity')) s
    GROUP BY 2, 3, 4, 5, 6 HAVING sum(s.count) <> 0;
    WITH gone AS (
        DELETE FROM stat_stock_day d
        WHERE d.day < next - 100
          AND EXISTS (SELECT FROM stat_stock_day l
                      WHERE l.day > d.day AND date_trunc('month', l.day) = date_trunc('month', d.day))
        RETURNING d.day
    )
    DELETE FROM stat_stock t USING gone g WHERE t.day = g.day;
    RETURN 1;
END
$$;
