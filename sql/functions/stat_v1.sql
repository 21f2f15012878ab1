-- The on-time figures (report II.06a): which measure sums into which class, which agencies a caller
-- may ask about, and the form of a rate.

-- The table of classes (glossary, section 3, last column). span: `during` counts events of the days
-- asked for, `before` is the stock at the end of the day before, `until` the stock at the end of the
-- last day. dues says where the due day lies against the event's day (during) or the last day
-- (until): before, same, after, none; null: anywhere. verdict null: both.
--
-- Legal compares dates (law-and-practice 7.2): on the due day is on time. Strict compares moments: of
-- those finished on their due day it takes out the ones past the due moment (resolved_late_strict),
-- and at the end of a day everything due that day is late.
CREATE OR REPLACE FUNCTION stat_class_v1()
RETURNS TABLE (class text, measure text, span text, channel smallint, dues text[], verdict text,
               sign integer)
LANGUAGE sql IMMUTABLE AS $$
    SELECT c.class, c.measure, c.span, c.channel::smallint, c.dues::text[], c.verdict, c.sign
    FROM (VALUES
        ('received.direct',       'received', 'during', 1, NULL, NULL, 1),
        ('received.online',       'received', 'during', 2, NULL, NULL, 1),
        ('received.post',         'received', 'during', 3, NULL, NULL, 1),
        ('received.carried_over', 'open',     'before', NULL, NULL, NULL, 1),
        ('received.carried_over', 'held',     'before', NULL, NULL, NULL, 1),
        ('resolved.early',   'resolved',  'during', NULL, '{after}', NULL, 1),
        ('resolved.on_time', 'resolved',  'during', NULL, '{same,none}', NULL, 1),
        ('resolved.on_time', 'withdrawn', 'during', NULL, NULL, NULL, 1),
        ('resolved.late',    'resolved',  'during', NULL, '{before}', NULL, 1),
        ('resolved.on_time', 'resolved_late_strict', 'during', NULL, '{same}', 'strict', -1),
        ('resolved.late',    'resolved_late_strict', 'during', NULL, '{same}', 'strict', 1),
        ('open.in_time', 'held', 'until', NULL, NULL, NULL, 1),
        ('open.in_time', 'open', 'until', NULL, '{after,none}', NULL, 1),
        ('open.in_time', 'open', 'until', NULL, '{same}', 'legal', 1),
        ('open.late',    'open', 'until', NULL, '{same}', 'strict', 1),
        ('open.late',    'open', 'until', NULL, '{before}', NULL, 1),
        ('apart.paused',        'held',          'until',  NULL, NULL, NULL, 1),
        ('apart.withdrawn',     'withdrawn',     'during', NULL, NULL, NULL, 1),
        ('apart.refused',       'refused',       'during', NULL, NULL, NULL, 1),
        ('apart.stopped',       'stopped',       'during', NULL, NULL, NULL, 1),
        ('apart.not_accepted',  'not_accepted',  'during', NULL, NULL, NULL, 1),
        ('apart.accepted_late', 'accepted_late', 'during', NULL, NULL, NULL, 1),
        -- Everything of the report that has no due date: counted on time above, told here.
        ('apart.no_due_date', 'resolved',  'during', NULL, '{none}', NULL, 1),
        ('apart.no_due_date', 'withdrawn', 'during', NULL, '{none}', NULL, 1),
        ('apart.no_due_date', 'open',      'until',  NULL, '{none}', NULL, 1),
        ('apart.no_due_date', 'held',      'until',  NULL, '{none}', NULL, 1),
        -- Only for the rate against the first due date.
        ('first.on_time', 'resolved_first', 'during', NULL, '{after,same,none}', NULL, 1),
        ('first.on_time', 'withdrawn',      'during', NULL, NULL, NULL, 1)
    ) AS c(class, measure, span, channel, dues, verdict, sign)
$$;

-- Where the due day lies against another day.
CREATE OR REPLACE FUNCTION stat_due_v1(due_day date, against date) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN due_day IS NULL OR due_day = 'infinity' THEN 'none'
                WHEN due_day < against THEN 'before'
                WHEN due_day = against THEN 'same' ELSE 'after' END
$$;

-- The day against which the open ones are late: the last day asked for, but nothing is late today
-- because of a day to come; strictly, a day that is not over makes nothing late.
CREATE OR REPLACE FUNCTION stat_reference_v1(last_day date, today date, verdict text) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT least(last_day, CASE WHEN verdict = 'strict' THEN today - 1 ELSE today END)
$$;

-- The agency asked for with those below it (null: all); for more than agency level only those at
-- which the account holds a role for all procedures. A post office's role and an administrator's
-- show no figures of procedures.
CREATE OR REPLACE FUNCTION stat_agencies_v1(who bigint, detailed boolean, wanted text)
RETURNS TABLE (agency text)
LANGUAGE sql STABLE AS $$
    SELECT a.code FROM agency a
    WHERE (wanted IS NULL OR a.path LIKE (SELECT t.path FROM agency t WHERE t.code = wanted) || '%')
      AND (NOT detailed OR a.code IN (SELECT p.agency FROM account_places_v1(who) p
                                      WHERE p.role NOT IN ('postal', 'admin')
                                        AND p.procedure IS NULL))
$$;

-- The field (lĩnh vực) of each procedure, by its newest version.
CREATE OR REPLACE FUNCTION stat_fields_v1() RETURNS TABLE (procedure text, field text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (code) code, field FROM procedure_version ORDER BY code, version DESC
$$;

-- What a procedure is called in its newest version; null for null.
CREATE OR REPLACE FUNCTION procedure_name_v1(procedure text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT name FROM procedure_version WHERE code = procedure ORDER BY version DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION stat_rate_v1(numerator bigint, denominator bigint) RETURNS json
LANGUAGE sql IMMUTABLE AS $$
    SELECT json_build_object('numerator', numerator, 'denominator', denominator,
                             'value', round(numerator::numeric / nullif(denominator, 0), 4))
$$;

-- What one dossier was on a day, by its events alone: the state and the clock that the last event up
-- to the end of that day left it in. No row: it was not accepted yet.
CREATE OR REPLACE FUNCTION stat_stock_v1(dossier bigint, until_day date)
RETURNS TABLE (clock text, due_day date)
LANGUAGE sql STABLE AS $$
    SELECT last.body ->> 'clock',
           ((last.body ->> 'due_current')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    FROM (SELECT e.body::jsonb AS body FROM event e
          WHERE e.dossier_id = dossier
            AND e.at < (until_day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
          ORDER BY e.seq DESC LIMIT 1) last
    WHERE last.body ? 'due_current'
$$;
