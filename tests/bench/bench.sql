-- What pgbench runs beside dvcd: one function call, one round trip, one transaction, the same rows.
-- Written for this one purpose and for one dossier at a time, in the order that holds the contended
-- lock, the counter of the day, for the shortest time.
--
-- What varies from dossier to dossier comes as arguments; the rest are constants of the statement, in
-- the row types of the change batch. The scripts are made from what one HTTP request wrote, so that
-- they follow the procedures: bench.submit_script and bench.act_script.
CREATE SCHEMA bench;

CREATE FUNCTION bench.submit_one(
    agency text, account bigint, key text, head change_head, d change_dossier, tasks change_task[],
    events change_event[], timers change_timer[], papers change_paper[], fees change_fee[],
    notices change_notice[], outbox_rows change_outbox[])
RETURNS text
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    new_id  bigint;
    at      constant timestamptz := clock_timestamp();
    today   constant date := (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    number  integer;
    code    text;
    chain   bytea;
    hashes  bytea[];
    event   change_event;
BEGIN
    SELECT x.code INTO code FROM idempotency i JOIN dossier x ON x.id = i.dossier_id
    WHERE i.account = submit_one.account AND i.key = submit_one.key;
    IF FOUND THEN
        RETURN code;
    END IF;
    new_id := nextval('dossier_id_seq');
    INSERT INTO idempotency AS i (account, key, body_hash, dossier_id, seq)
    VALUES (account, key, head.body_hash, new_id, cardinality(events));
    INSERT INTO task (dossier_id, no, step, name, state, role, agency, assignee, epoch, opened_at,
                      closed_at, due, budget_left, grp, previous)
    SELECT new_id, t.no, t.step, t.name, t.state, t.role, agency, t.assignee, t.epoch, at,
           t.closed_at, t.due, t.budget_left, t.grp, t.previous
    FROM unnest(tasks) t;
    IF cardinality(timers) > 0 THEN
        INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)
        SELECT new_id, t.scope, t.epoch, t.rung, t.kind, t.fire_at FROM unnest(timers) t;
    END IF;
    IF cardinality(papers) > 0 THEN
        INSERT INTO dossier_paper (dossier_id, no, paper, upload, copies)
        SELECT new_id, p.no, p.paper, p.upload, p.copies FROM unnest(papers) p;
    END IF;
    IF cardinality(fees) > 0 THEN
        INSERT INTO dossier_fee (dossier_id, no, fee, amount, waived, paid_at, receipt, method)
        SELECT new_id, f.no, f.fee, f.amount, f.waived, f.paid_at, f.receipt, f.method
        FROM unnest(fees) f;
    END IF;
    IF cardinality(notices) > 0 THEN
        INSERT INTO notice (account, role, agency, kind, dossier_id, body, at)
        SELECT n.account, n.role, CASE WHEN n.agency IS NOT NULL THEN agency END, n.kind, new_id,
               n.body, at
        FROM unnest(notices) n;
    END IF;
    INSERT INTO code_counter AS c (agency, day, last) VALUES (agency, today, 1)
    ON CONFLICT ON CONSTRAINT code_counter_pkey DO UPDATE SET last = c.last + 1
    RETURNING c.last INTO number;
    code := agency || '-' || to_char(today, 'YYMMDD') || '-'
            || CASE WHEN number < 10000 THEN lpad(number::text, 4, '0') ELSE number::text END;
    IF cardinality(outbox_rows) > 0 THEN
        INSERT INTO outbox (dossier_id, channel, topic, key, body, at)
        SELECT new_id, o.channel, o.topic, code || ':' || o.topic || ':' || o.key, o.body, at
        FROM unnest(outbox_rows) o;
    END IF;
    chain := decode(repeat('00', 32), 'hex');
    FOREACH event IN ARRAY events LOOP
        chain := sha256(convert_to('dvc1' || chr(10) || code || chr(10) || event.ordinal || chr(10)
                                   || encode(chain, 'hex') || chr(10) || event.body, 'UTF8'));
        hashes := hashes || chain;
    END LOOP;
    INSERT INTO event (dossier_id, seq, at, kind, actor, role, body, hash)
    SELECT new_id, e.ordinal, at, e.kind, account, e.role, e.body, hashes[e.ordinal]
    FROM unnest(events) e;
    INSERT INTO dossier (
        id, code, external_code, version, decision, procedure_id, procedure, case_id,
        agency_helping, agency_receiving, agency_competent, channel, delivery, state, clock,
        filed_by, owner_account, applicant, owner, on_behalf, name_folded, phone, id_number,
        form, delivery_to, engine, submitted_at, calendar_version, last_event_at, head_seq,
        head_hash)
    VALUES (
        new_id, code, d.external_code, 1, head.decision, d.procedure_id, d.procedure, d.case_id,
        d.agency_helping, agency, agency, d.channel, head.delivery, head.state, head.clock,
        account, (SELECT a.id FROM account a WHERE a.id_number = d.id_number_owner),
        d.applicant::jsonb, d.owner::jsonb, d.on_behalf, d.name_folded, d.phone, d.id_number,
        d.form::jsonb, d.delivery_to::jsonb, head.engine::jsonb, at, head.calendar_version, at,
        cardinality(events), chain);
    RETURN code;
END
$$;

-- Dossiers to act on: each once.
CREATE TABLE bench.target (
    kind       integer NOT NULL,
    no         bigint NOT NULL,
    dossier_id bigint NOT NULL,
    PRIMARY KEY (kind, no)
);

CREATE FUNCTION bench.act_one(
    target_kind integer, target_no bigint, account bigint, key text, head change_head,
    tasks change_task[], events change_event[], timers change_timer[],
    cancels change_timer_cancel[], deltas change_delta[], forms change_form[],
    notices change_notice[], ledger change_ledger[], outbox_rows change_outbox[],
    notes change_event[])
RETURNS text
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    at     constant timestamptz := clock_timestamp();
    today  constant date := (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    old    dossier;
    chain  bytea;
    hashes bytea[];
    event  change_event;
BEGIN
    SELECT x.* INTO old FROM bench.target t JOIN dossier x ON x.id = t.dossier_id
    WHERE t.kind = target_kind AND t.no = target_no
    FOR UPDATE OF x;
    IF NOT FOUND OR old.version <> head.version THEN
        RAISE EXCEPTION 'no dossier to act on: kind %, number %', target_kind, target_no;
    END IF;
    IF EXISTS (SELECT FROM idempotency i
               WHERE i.account = act_one.account AND i.key = act_one.key) THEN
        RETURN old.code;
    END IF;
    INSERT INTO idempotency AS i (account, key, body_hash, dossier_id, seq)
    VALUES (account, key, head.body_hash, old.id, old.head_seq + cardinality(events));
    chain := old.head_hash;
    FOREACH event IN ARRAY events LOOP
        chain := sha256(convert_to('dvc1' || chr(10) || old.code || chr(10)
                                   || old.head_seq + event.ordinal || chr(10)
                                   || encode(chain, 'hex') || chr(10) || event.body, 'UTF8'));
        hashes := hashes || chain;
    END LOOP;
    UPDATE dossier x
    SET version = x.version + 1, decision = head.decision, state = head.state, clock = head.clock,
        engine = head.engine::jsonb, received_at = head.received_at, due_first = head.due_first,
        due_current = head.due_current, finished_at = head.finished_at,
        calendar_version = head.calendar_version, delivery = head.delivery, last_event_at = at,
        head_seq = x.head_seq + cardinality(events), head_hash = chain
    WHERE x.id = old.id;
    INSERT INTO event (dossier_id, seq, at, kind, actor, role, body, hash)
    SELECT old.id, old.head_seq + e.ordinal, at, e.kind, account, e.role, e.body, hashes[e.ordinal]
    FROM unnest(events) e;
    IF cardinality(notes) > 0 THEN
        INSERT INTO event_note (dossier_id, seq, reason, note)
        SELECT old.id, old.head_seq + e.ordinal, e.reason, e.note FROM unnest(notes) e;
    END IF;
    IF cardinality(cancels) > 0 THEN
        DELETE FROM timer t USING unnest(cancels) c
        WHERE t.dossier_id = old.id AND t.scope = c.scope AND t.epoch = c.epoch;
    END IF;
    INSERT INTO task (dossier_id, no, step, name, state, role, agency, assignee, epoch, opened_at,
                      closed_at, due, budget_left, grp, previous)
    SELECT old.id, t.no, t.step, t.name, t.state, t.role, old.agency_competent, t.assignee, t.epoch,
           at, CASE WHEN t.closed_at IS NOT NULL THEN at END, t.due, t.budget_left, t.grp, t.previous
    FROM unnest(tasks) t
    ON CONFLICT (dossier_id, no) DO UPDATE
    SET state = excluded.state, role = excluded.role, agency = excluded.agency,
        assignee = excluded.assignee, epoch = excluded.epoch, closed_at = excluded.closed_at,
        due = excluded.due, budget_left = excluded.budget_left, grp = excluded.grp;
    IF cardinality(timers) > 0 THEN
        INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)
        SELECT old.id, t.scope, t.epoch, t.rung, t.kind, t.fire_at FROM unnest(timers) t;
    END IF;
    IF cardinality(deltas) > 0 THEN
        INSERT INTO stat_delta (day, agency, procedure, channel, measure, due_day, count)
        SELECT today, old.agency_competent, old.procedure, old.channel, x.measure, x.due_day, x.count
        FROM unnest(deltas) x;
    END IF;
    IF cardinality(forms) > 0 THEN
        INSERT INTO form_issued (dossier_id, no, form, number, issued_at, by_account, content)
        SELECT old.id, f.no, f.form, old.code || '/' || f.no, at, account, f.content::jsonb
        FROM unnest(forms) f;
    END IF;
    IF cardinality(notices) > 0 THEN
        INSERT INTO notice (account, role, agency, kind, dossier_id, body, at)
        SELECT n.account, n.role, CASE WHEN n.agency IS NOT NULL THEN old.agency_competent END,
               n.kind, old.id, n.body, at
        FROM unnest(notices) n;
    END IF;
    IF cardinality(ledger) > 0 THEN
        INSERT INTO clock_ledger (dossier_id, no, kind, reason, party, from_at, to_at, old_due,
                                  new_due)
        SELECT old.id, l.no, l.kind, l.reason, l.party, at, l.to_at, l.old_due, l.new_due
        FROM unnest(ledger) l;
    END IF;
    IF cardinality(outbox_rows) > 0 THEN
        INSERT INTO outbox (dossier_id, channel, topic, key, body, at)
        SELECT old.id, o.channel, o.topic, old.code || ':' || o.topic || ':' || o.key, o.body, at
        FROM unnest(outbox_rows) o;
    END IF;
    RETURN old.code;
END
$$;

-- The clock folds deltas away within seconds: kept while the scripts are made, in the transaction that
-- wrote them.
CREATE TABLE bench.delta_seen (LIKE stat_delta);
CREATE FUNCTION bench.see_delta() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO bench.delta_seen SELECT NEW.*;
    RETURN NULL;
END
$$;
CREATE TRIGGER bench_see_delta AFTER INSERT ON stat_delta
FOR EACH ROW EXECUTE FUNCTION bench.see_delta();

-- Rows that the transaction `writer` left behind, inserted or updated, by table.
CREATE FUNCTION bench.rows_of(writer xid)
RETURNS TABLE (name text, count bigint)
LANGUAGE plpgsql AS $$
BEGIN
    FOR name IN SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                  AND NOT c.relispartition
                ORDER BY 1 LOOP
        EXECUTE format('SELECT count(*) FROM %s WHERE xmin = $1',
                       CASE name WHEN 'stat_delta' THEN 'bench.delta_seen'
                                 ELSE quote_ident(name) END)
        INTO count USING writer;
        IF count > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION bench.writer_of(dossier bigint) RETURNS xid
LANGUAGE sql AS 'SELECT xmin FROM dossier WHERE id = $1';

-- A row as a constant of its type. A colon before a word would be a variable of pgbench.
CREATE FUNCTION bench.literal(value anyelement) RETURNS text
LANGUAGE sql AS $$
    SELECT 'E''' || replace(replace(replace(value::text, '\', '\\'), '''', ''''''), ':', '\x3a')
           || '''::' || pg_typeof(value)::text
$$;

-- Rows of a table as a constant array of the change batch's type for them; columns go by their names.
CREATE FUNCTION bench.literals(rows jsonb, sample anyelement) RETURNS text
LANGUAGE sql AS $$
    SELECT bench.literal(coalesce(
        (SELECT array_agg(jsonb_populate_record(sample, r.value) ORDER BY r.ordinality)
         FROM jsonb_array_elements(rows) WITH ORDINALITY r), '{}'))
$$;

-- Head and, at creation, the rest of a change that left the dossier as it is now.
CREATE FUNCTION bench.head_literal(dossier bigint) RETURNS text
LANGUAGE sql AS $$
    SELECT bench.literal(jsonb_populate_record(NULL::change_head, to_jsonb(d) || jsonb_build_object(
               'change', 0, 'version', d.version - 1, 'account', 0, 'key', '',
               'body_hash', i.body_hash)))
    FROM dossier d JOIN idempotency i ON i.dossier_id = d.id AND i.xmin = d.xmin
    WHERE d.id = $1
$$;

-- The script that files copies of `dossier`, which nobody has acted on, at communes at random.
CREATE FUNCTION bench.submit_script(dossier bigint)
RETURNS text
LANGUAGE sql AS $$
    SELECT E'\\set a random(1, 114)\n\\set k random(1, 4000000000000000000)\n'
        || 'SELECT bench.submit_one(''H24.15.'' || to_char(:a::integer, ''FM900''), '
        || ':account::bigint, lpad((:k::bigint)::text, 32, ''p''), '
        || bench.head_literal(d.id) || ', '
        || bench.literal(jsonb_populate_record(NULL::change_dossier, to_jsonb(d)
               || jsonb_build_object('change', 0, 'id_number_owner', d.id_number))) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(t)) FROM task t WHERE t.dossier_id = d.id),
                          NULL::change_task) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('ordinal', e.seq)
                                            ORDER BY e.seq)
                           FROM event e WHERE e.dossier_id = d.id), NULL::change_event) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(t)) FROM timer t WHERE t.dossier_id = d.id),
                          NULL::change_timer) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(p)) FROM dossier_paper p
                           WHERE p.dossier_id = d.id), NULL::change_paper) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(f)) FROM dossier_fee f
                           WHERE f.dossier_id = d.id), NULL::change_fee) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(n)) FROM notice n WHERE n.dossier_id = d.id),
                          NULL::change_notice) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(o)) FROM outbox o WHERE o.dossier_id = d.id),
                          NULL::change_outbox)
        || ');'
    FROM dossier d
    WHERE d.id = $1
$$;

-- What an action takes away is not there afterwards: kept before it.
CREATE TABLE bench.timer_before (LIKE timer);

-- The script that does again, on other dossiers of its kind, what the last change of `dossier` did.
CREATE FUNCTION bench.act_script(target_kind integer, dossier bigint)
RETURNS text
LANGUAGE sql AS $$
    SELECT format(E'\\set n%s :n%s + 1\n\\set k random(1, 4000000000000000000)\n',
                  target_kind, target_kind)
        || format('SELECT bench.act_one(%s, :base::bigint + :client_id::bigint '
                  '+ :n%s::bigint * :clients::bigint, ', target_kind, target_kind)
        || ':account::bigint, lpad((:k::bigint)::text, 32, ''p''), '
        || bench.head_literal(d.id) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(t)) FROM task t
                           WHERE t.dossier_id = d.id AND t.xmin = d.xmin), NULL::change_task)
        || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('ordinal',
                                                e.seq - b.seq) ORDER BY e.seq)
                           FROM event e WHERE e.dossier_id = d.id AND e.xmin = d.xmin),
                          NULL::change_event) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(t)) FROM timer t
                           WHERE t.dossier_id = d.id AND t.xmin = d.xmin), NULL::change_timer)
        || ', '
        || bench.literals((SELECT jsonb_agg(DISTINCT jsonb_build_object('change', 0,
                                      'scope', t.scope, 'epoch', t.epoch))
                           FROM bench.timer_before t
                           WHERE t.dossier_id = d.id AND NOT EXISTS (
                               SELECT FROM timer x
                               WHERE x.dossier_id = t.dossier_id AND x.scope = t.scope
                                 AND x.epoch = t.epoch AND x.rung = t.rung)),
                          NULL::change_timer_cancel) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(x)) FROM bench.delta_seen x
                           WHERE x.xmin = d.xmin), NULL::change_delta) || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(f)) FROM form_issued f
                           WHERE f.dossier_id = d.id AND f.xmin = d.xmin), NULL::change_form)
        || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(n)) FROM notice n
                           WHERE n.dossier_id = d.id AND n.xmin = d.xmin), NULL::change_notice)
        || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(l)) FROM clock_ledger l
                           WHERE l.dossier_id = d.id AND l.xmin = d.xmin), NULL::change_ledger)
        || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(o)) FROM outbox o
                           WHERE o.dossier_id = d.id AND o.xmin = d.xmin), NULL::change_outbox)
        || ', '
        || bench.literals((SELECT jsonb_agg(to_jsonb(n) || jsonb_build_object('ordinal',
                                                n.seq - b.seq))
                           FROM event_note n WHERE n.dossier_id = d.id AND n.xmin = d.xmin),
                          NULL::change_event)
        || ');'
    FROM dossier d,
         LATERAL (SELECT coalesce(max(e.seq), 0) AS seq FROM event e
                  WHERE e.dossier_id = d.id AND e.xmin <> d.xmin) b
    WHERE d.id = $2
$$;
