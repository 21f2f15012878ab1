-- Figures of a province over years: what a question about them reads must not grow with the history.

-- A question reads the rows of an agency between two days.
ALTER TABLE stat_fold DROP CONSTRAINT stat_fold_pkey,
    ADD PRIMARY KEY (agency, day, procedure, channel, measure, due_day);

-- What happened in whole months; of the due day only where it lies against the day (stat_due_v1).
CREATE TABLE stat_month (
    month     date NOT NULL,                            -- its first day
    agency    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    channel   smallint NOT NULL,
    measure   text COLLATE "C" NOT NULL,
    due       text COLLATE "C" NOT NULL CHECK (due IN ('before', 'same', 'after', 'none')),
    count     bigint NOT NULL,
    PRIMARY KEY (agency, month, procedure, channel, measure, due)
);

-- What was open or held at the end of some days (stat_stock_make_v1): the sum of all before.
CREATE TABLE stat_stock_day (
    day date PRIMARY KEY
);
CREATE TABLE stat_stock (
    day       date NOT NULL,
    agency    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    channel   smallint NOT NULL,
    measure   text COLLATE "C" NOT NULL,
    due_day   date NOT NULL,
    count     bigint NOT NULL,
    PRIMARY KEY (day, agency, procedure, channel, measure, due_day)
);

-- Both follow stat_fold by themselves, whoever writes it, also of days that were summed up before. The
-- lock lets one at a time sum up: whoever waits for it has written his rows of stat_fold already.
CREATE FUNCTION stat_fold_note() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    moved stat_fold[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        moved := ARRAY(SELECT ROW(n.*)::stat_fold FROM new_rows n);
    ELSE
        moved := ARRAY(SELECT ROW(n.*)::stat_fold FROM new_rows n)
            || ARRAY(SELECT ROW(o.day, o.agency, o.procedure, o.channel, o.measure, o.due_day,
                                -o.count)::stat_fold FROM old_rows o);
    END IF;
    IF cardinality(moved) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('dvcd.figures'));
    INSERT INTO stat_month AS t (month, agency, procedure, channel, measure, due, count)
    SELECT date_trunc('month', m.day)::date, m.agency, m.procedure, m.channel, m.measure,
           stat_due_v1(m.due_day, m.day) COLLATE "C", sum(m.count)
    FROM unnest(moved) m WHERE m.measure NOT IN ('open', 'held')
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(m.count) <> 0
    ON CONFLICT (agency, month, procedure, channel, measure, due)
    DO UPDATE SET count = t.count + excluded.count;
    INSERT INTO stat_stock AS t (day, agency, procedure, channel, measure, due_day, count)
    SELECT d.day, m.agency, m.procedure, m.channel, m.measure, m.due_day, sum(m.count)
    FROM unnest(moved) m JOIN stat_stock_day d ON d.day >= m.day
    WHERE m.measure IN ('open', 'held')
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(m.count) <> 0
    ON CONFLICT (day, agency, procedure, channel, measure, due_day)
    DO UPDATE SET count = t.count + excluded.count;
    RETURN NULL;
END
$$;
CREATE TRIGGER stat_fold_note_new AFTER INSERT ON stat_fold
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stat_fold_note();
CREATE TRIGGER stat_fold_note_moved AFTER UPDATE ON stat_fold
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stat_fold_note();

INSERT INTO stat_month (month, agency, procedure, channel, measure, due, count)
SELECT date_trunc('month', day)::date, agency, procedure, channel, measure,
       CASE WHEN due_day = 'infinity' THEN 'none' WHEN due_day < day THEN 'before'
            WHEN due_day = day THEN 'same' ELSE 'after' END, sum(count)
FROM stat_fold WHERE measure NOT IN ('open', 'held')
GROUP BY 1, 2, 3, 4, 5, 6;
