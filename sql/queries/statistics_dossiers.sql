-- The dossiers behind one figure, decided from their events and not from the deltas, so that the two
-- prove each other. No names: code, dates and state only. $1 account, $2 first and $3 last day, $4 the
-- moment, $5 agency, $6 procedure, $7 field, $8 channel, $9 verdict, $10 class, $11 after this id,
-- $12 how many. Columns of the dossier only narrow down whose events are read.
-- params: bigint date date timestamptz text text text smallint text text bigint integer
-- one
WITH allowed AS MATERIALIZED (
    SELECT agency FROM stat_agencies_v1($1, true, $5)
), span AS MATERIALIZED (
    SELECT $2::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS first,
           ($3 + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS last,
           stat_reference_v1($3, ($4 AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, $9) AS against,
           $10 LIKE 'received.%' OR $10 = 'apart.accepted_late' AS comes,
           $10 IN ('received.total', 'received.carried_over') AS carried,
           $10 LIKE 'resolved.%' OR $10 IN ('apart.withdrawn', 'apart.refused', 'apart.stopped',
                                            'apart.no_due_date') AS goes,
           $10 LIKE 'open.%' OR $10 IN ('apart.paused', 'apart.no_due_date') AS stays
), near AS (
    SELECT d.*, s.against, s.first, s.last, s.comes, s.carried, s.goes, s.stays
    FROM dossier d, span s
    WHERE d.agency_competent = ANY (ARRAY(SELECT agency FROM allowed))
      AND d.id > $11
      AND ($6::text IS NULL OR d.procedure = $6)
      AND ($7::text IS NULL OR d.procedure IN (SELECT f.procedure FROM stat_fields_v1() f
                                               WHERE f.field = $7))
      AND ($8::smallint IS NULL OR d.channel = $8)
      AND CASE WHEN $10 = 'apart.not_accepted'
               THEN d.state = 'not_accepted' AND d.ended_at >= s.first AND d.ended_at < s.last
               ELSE d.received_at < s.last
                    AND (s.comes AND d.last_event_at >= s.first
                         OR s.carried AND (d.finished_at IS NULL OR d.finished_at >= s.first)
                         OR s.goes AND d.finished_at >= s.first AND d.finished_at < s.last
                         OR s.stays AND (d.finished_at IS NULL OR d.finished_at >= s.last)) END
      -- Without an event after the period it still is as it was then.
      AND (d.last_event_at >= s.last
           OR CASE $10 WHEN 'open.late' THEN d.clock = 'running'
                            AND (d.due_current AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= s.against
                       WHEN 'apart.paused' THEN d.clock = 'held'
                       ELSE true END)
), told AS (
    SELECT n.*, came.at AS came_at, came.late AS came_late, came.at >= n.first AND came.at < n.last
           AS came_now,
           carried_over.clock IN ('running', 'held') AS was_open,
           went.state AS went_state, went.due AS went_due,
           CASE WHEN $9 = 'strict' AND went.at > went.due THEN 'before'
                ELSE stat_due_v1((went.due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
                                 (went.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) END AS went_by,
           went.at >= n.first AND went.at < n.last AS went_now,
           stays_on.clock AS stock, stat_due_v1(stays_on.due_day, n.against) AS stock_by
    FROM near n
    LEFT JOIN LATERAL (
        SELECT e.at, (e.body::jsonb ->> 'accepted_late')::boolean AS late FROM event e
        WHERE e.dossier_id = n.id AND n.comes AND e.body::jsonb ? 'received_at'
        ORDER BY e.seq LIMIT 1) came ON true
    LEFT JOIN LATERAL stat_stock_v1(n.id, $2 - 1) carried_over ON n.carried
    LEFT JOIN LATERAL (
        SELECT e.at, e.body::jsonb ->> 'state' AS state,
               (e.body::jsonb ->> 'due_current')::timestamptz AS due FROM event e
        WHERE e.dossier_id = n.id AND n.goes AND e.body::jsonb ? 'finished_at'
        ORDER BY e.seq LIMIT 1) went ON true
    LEFT JOIN LATERAL stat_stock_v1(n.id, $3) stays_on ON n.stays
), found AS (
    SELECT * FROM told t
    WHERE CASE $10
        WHEN 'received.total' THEN t.came_now OR t.was_open
        WHEN 'received.direct' THEN t.came_now AND t.channel = 1
        WHEN 'received.online' THEN t.came_now AND t.channel = 2
        WHEN 'received.post' THEN t.came_now AND t.channel = 3
        WHEN 'received.carried_over' THEN t.was_open
        WHEN 'resolved.total' THEN t.went_now
        WHEN 'resolved.early' THEN t.went_now AND t.went_state <> 'withdrawn' AND t.went_by = 'after'
        WHEN 'resolved.on_time' THEN t.went_now AND (t.went_state = 'withdrawn'
                                                     OR t.went_by IN ('same', 'none'))
        WHEN 'resolved.late' THEN t.went_now AND t.went_state <> 'withdrawn' AND t.went_by = 'before'
        WHEN 'open.total' THEN t.stock IN ('running', 'held')
        WHEN 'open.in_time' THEN t.stock = 'held'
                                 OR t.stock = 'running' AND (t.stock_by IN ('after', 'none')
                                                             OR t.stock_by = 'same' AND $9 = 'legal')
        WHEN 'open.late' THEN t.stock = 'running' AND (t.stock_by = 'before'
                                                       OR t.stock_by = 'same' AND $9 = 'strict')
        WHEN 'apart.paused' THEN t.stock = 'held'
        WHEN 'apart.withdrawn' THEN t.went_now AND t.went_state = 'withdrawn'
        WHEN 'apart.refused' THEN t.went_now AND t.went_state = 'refused'
        WHEN 'apart.stopped' THEN t.went_now AND t.went_state = 'stopped'
        WHEN 'apart.not_accepted' THEN true
        WHEN 'apart.no_due_date' THEN t.went_now AND t.went_due IS NULL
                                      OR t.stock IN ('running', 'held') AND t.stock_by = 'none'
        WHEN 'apart.accepted_late' THEN t.came_now AND t.came_late
        ELSE false END
    ORDER BY t.id LIMIT $12 + 1
), page AS (SELECT * FROM found ORDER BY id LIMIT $12)
SELECT (SELECT coalesce(json_agg(json_build_object(
            'code', code, 'procedure', procedure,
            'procedure_name', procedure_name_v1(procedure), 'agency', agency_competent,
            'channel', (ARRAY['direct', 'online', 'post'])[channel],
            'received_at', received_at, 'due_first', due_first, 'due_current', due_current,
            'finished_at', finished_at, 'state', state) ORDER BY id), '[]') FROM page) AS items,
       (SELECT max(id) FROM page WHERE (SELECT count(*) FROM found) > $12)::text AS next,
       EXISTS (SELECT FROM allowed) AS allowed
