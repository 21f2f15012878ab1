-- The on-time figures, folded and unfolded deltas in one snapshot. $1 account (null: nobody), $2 more
-- than agency level, $3 first and $4 last day, $5 the moment, $6 agency, $7 procedure, $8 field,
-- $9 channel, $10 groups, $11 verdict, $12 $13 the newest calendar version of each agency.
-- No row: nothing of what was asked for may be shown.
-- params: bigint boolean date date timestamptz text text text smallint text[] text text[] bigint[]
-- json
WITH allowed AS MATERIALIZED (
    SELECT agency FROM stat_agencies_v1($1, $2, $6)
), wanted AS MATERIALIZED (
    SELECT f.procedure FROM stat_fields_v1() f WHERE f.field = $8
), against AS MATERIALIZED (
    SELECT stat_reference_v1($4, ($5 AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, $11) AS day
), span AS MATERIALIZED (
    -- Whole months from `first` to before `last`, if any; the sums of the stock from which the days
    -- up to the first and the last one asked for go on (stat_stock_make_v1).
    SELECT date_trunc('month', $3 + interval '1 month -1 day')::date AS first,
           date_trunc('month', $4 + 1)::date AS last,
           (SELECT max(day) FROM stat_stock_day WHERE day < $3) AS before,
           (SELECT max(day) FROM stat_stock_day WHERE day <= $4) AS until
), folded AS ( -- agency by agency, each from where its days begin
    SELECT a.agency, x.*
    FROM allowed a CROSS JOIN span m CROSS JOIN LATERAL (
        SELECT CASE WHEN '{procedure,field}' && $10 THEN s.procedure END AS procedure,
               s.channel, s.measure, s.due, 'during' AS span, sum(s.count) AS count
        FROM (SELECT f.procedure, f.channel, f.measure, f.due, f.count
              FROM stat_month f
              WHERE f.agency = a.agency AND f.month >= m.first AND f.month < m.last
              UNION ALL
              SELECT f.procedure, f.channel, f.measure, stat_due_v1(f.due_day, f.day) COLLATE "C",
                     f.count
              FROM stat_fold f
              WHERE f.agency = a.agency AND f.measure NOT IN ('open', 'held')
                AND f.day >= $3 AND f.day < least(m.first, $4 + 1)
              UNION ALL
              SELECT f.procedure, f.channel, f.measure, stat_due_v1(f.due_day, f.day) COLLATE "C",
                     f.count
              FROM stat_fold f
              WHERE f.agency = a.agency AND f.measure NOT IN ('open', 'held')
                AND f.day >= greatest(m.first, m.last) AND f.day <= $4) s
        WHERE ($7::text IS NULL OR s.procedure = $7)
          AND ($8::text IS NULL OR s.procedure IN (SELECT procedure FROM wanted))
          AND ($9::smallint IS NULL OR s.channel = $9)
        GROUP BY 1, 2, 3, 4
        UNION ALL
        SELECT CASE WHEN '{procedure,field}' && $10 THEN s.procedure END, s.channel, s.measure,
               stat_due_v1(s.due_day, (SELECT day FROM against)), s.span, sum(s.count)
        FROM (SELECT t.procedure, t.channel, t.measure, t.due_day, t.count, 'until' AS span
              FROM stat_stock t WHERE t.agency = a.agency AND t.day = m.until
              UNION ALL
              SELECT f.procedure, f.channel, f.measure, f.due_day, f.count, 'until'
              FROM stat_fold f
              WHERE f.agency = a.agency AND f.measure IN ('open', 'held')
                AND f.day > coalesce(m.until, '-infinity') AND f.day <= $4
              UNION ALL
              SELECT t.procedure, t.channel, t.measure, t.due_day, t.count, 'before'
              FROM stat_stock t WHERE t.agency = a.agency AND t.day = m.before
              UNION ALL
              SELECT f.procedure, f.channel, f.measure, f.due_day, f.count, 'before'
              FROM stat_fold f
              WHERE f.agency = a.agency AND f.measure IN ('open', 'held')
                AND f.day > coalesce(m.before, '-infinity') AND f.day < $3) s
        WHERE ($7::text IS NULL OR s.procedure = $7)
          AND ($8::text IS NULL OR s.procedure IN (SELECT procedure FROM wanted))
          AND ($9::smallint IS NULL OR s.channel = $9)
        GROUP BY 1, 2, 3, 4, 5) x
), fresh AS ( -- not folded yet
    SELECT s.agency, CASE WHEN '{procedure,field}' && $10 THEN s.procedure END AS procedure,
           s.channel, s.measure,
           stat_due_v1(s.due_day, CASE WHEN v.span = 'during' THEN s.day
                                       ELSE (SELECT day FROM against) END) AS due,
           v.span, sum(s.count) AS count
    FROM stat_delta s CROSS JOIN LATERAL (
        SELECT s.measure IN ('open', 'held') AS stock) k CROSS JOIN LATERAL (
        VALUES ('during', NOT k.stock AND s.day >= $3 AND s.day <= $4),
               ('until', k.stock AND s.day <= $4),
               ('before', k.stock AND s.day < $3)) v(span, counts)
    WHERE v.counts AND s.agency IN (SELECT agency FROM allowed)
      AND ($7::text IS NULL OR s.procedure = $7)
      AND ($8::text IS NULL OR s.procedure IN (SELECT procedure FROM wanted))
      AND ($9::smallint IS NULL OR s.channel = $9)
    GROUP BY 1, 2, 3, 4, 5, 6
), placed AS (
    SELECT CASE WHEN 'agency' = ANY ($10) THEN p.agency END AS agency, p.procedure, p.channel,
           p.measure, p.due, p.span, sum(p.count) AS count
    FROM (SELECT agency, procedure, channel, measure, due, span, count FROM folded
          UNION ALL
          SELECT agency, procedure, channel, measure, due, span, count FROM fresh) p
    GROUP BY 1, 2, 3, 4, 5, 6
), classed AS (
    SELECT p.agency, CASE WHEN 'procedure' = ANY ($10) THEN p.procedure END AS procedure,
           CASE WHEN 'field' = ANY ($10) THEN f.field END AS field,
           CASE WHEN 'channel' = ANY ($10) THEN p.channel END AS channel,
           c.class, c.sign * p.count AS count
    FROM placed p
         JOIN stat_class_v1() c ON c.measure = p.measure AND c.span = p.span
              AND (c.channel IS NULL OR c.channel = p.channel)
              AND (c.dues IS NULL OR p.due = ANY (c.dues))
              AND (c.verdict IS NULL OR c.verdict = $11)
         LEFT JOIN stat_fields_v1() f ON f.procedure = p.procedure
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, 0 WHERE cardinality($10) = 0
), summed AS (
    SELECT agency, procedure, field, channel,
           coalesce(sum(count) FILTER (WHERE class = 'received.online'), 0)::bigint AS online,
           coalesce(sum(count) FILTER (WHERE class = 'received.post'), 0)::bigint AS post,
           coalesce(sum(count) FILTER (WHERE class = 'received.direct'), 0)::bigint AS direct,
           coalesce(sum(count) FILTER (WHERE class = 'received.carried_over'), 0)::bigint AS carried,
           coalesce(sum(count) FILTER (WHERE class = 'resolved.early'), 0)::bigint AS early,
           coalesce(sum(count) FILTER (WHERE class = 'resolved.on_time'), 0)::bigint AS on_time,
           coalesce(sum(count) FILTER (WHERE class = 'resolved.late'), 0)::bigint AS late,
           coalesce(sum(count) FILTER (WHERE class = 'open.in_time'), 0)::bigint AS open_in_time,
           coalesce(sum(count) FILTER (WHERE class = 'open.late'), 0)::bigint AS open_late,
           coalesce(sum(count) FILTER (WHERE class = 'apart.paused'), 0)::bigint AS paused,
           coalesce(sum(count) FILTER (WHERE class = 'apart.withdrawn'), 0)::bigint AS withdrawn,
           coalesce(sum(count) FILTER (WHERE class = 'apart.refused'), 0)::bigint AS refused,
           coalesce(sum(count) FILTER (WHERE class = 'apart.stopped'), 0)::bigint AS stopped,
           coalesce(sum(count) FILTER (WHERE class = 'apart.not_accepted'), 0)::bigint AS not_accepted,
           coalesce(sum(count) FILTER (WHERE class = 'apart.no_due_date'), 0)::bigint AS no_due_date,
           coalesce(sum(count) FILTER (WHERE class = 'apart.accepted_late'), 0)::bigint
               AS accepted_late,
           coalesce(sum(count) FILTER (WHERE class = 'first.on_time'), 0)::bigint AS first_on_time
    FROM classed
    GROUP BY agency, procedure, field, channel
), groups AS (
    SELECT s.*, s.online + s.post + s.direct + s.carried AS received,
           s.early + s.on_time + s.late AS resolved, s.open_in_time + s.open_late AS open
    FROM summed s
), stale AS (
    SELECT count(*) AS count
    FROM unnest($12, $13) AS newest(agency, version)
         JOIN dossier d ON d.agency_competent = newest.agency AND d.clock <> 'ended'
              AND d.calendar_version < newest.version
    WHERE newest.agency IN (SELECT agency FROM allowed) AND d.received_at IS NOT NULL
      AND ($7::text IS NULL OR d.procedure = $7)
      AND ($8::text IS NULL OR d.procedure IN (SELECT procedure FROM wanted))
      AND ($9::smallint IS NULL OR d.channel = $9)
)
SELECT json_build_object(
    'definition', 'ii06a-1', 'verdict', $11, 'as_of', date_trunc('second', $5), 'from', $3, 'to', $4,
    'recomputing', (SELECT count FROM stale),
    'scope', json_build_object('agencies', (SELECT count(*) FROM allowed), 'own_only', $2),
    'groups', (SELECT coalesce(json_agg(json_build_object(
        'key', json_build_object('agency', agency, 'procedure', procedure, 'field', field,
                                 'channel', (ARRAY['direct', 'online', 'post'])[channel]),
        'procedure_name', procedure_name_v1(procedure),
        'received', json_build_object('total', received, 'online', online, 'post', post,
                                      'direct', direct, 'carried_over', carried),
        'resolved', json_build_object('total', resolved, 'early', early, 'on_time', on_time,
                                      'late', late),
        'open', json_build_object('total', open, 'in_time', open_in_time, 'late', open_late),
        'apart', json_build_object('paused', paused, 'withdrawn', withdrawn, 'refused', refused,
                                   'stopped', stopped, 'not_accepted', not_accepted,
                                   'no_due_date', no_due_date, 'accepted_late', accepted_late),
        'rates', json_build_object(
            'on_time_of_resolved', stat_rate_v1(early + on_time, resolved),
            'on_time_of_received', stat_rate_v1(early + on_time, received),
            'on_time_of_due', stat_rate_v1(early + on_time, resolved + open_late),
            'on_time_first_due', stat_rate_v1(first_on_time, resolved)))
        ORDER BY agency, procedure, field, channel), '[]') FROM groups))
WHERE EXISTS (SELECT FROM allowed)
