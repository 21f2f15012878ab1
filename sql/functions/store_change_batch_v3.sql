-- Saves a batch of changes in one transaction and answers one row for each (daemon/store/change.h).
--
-- The caller orders the heads: new dossiers first, in the order of `dossiers`, then changes of
-- existing dossiers by their id, one per dossier; change = place in `heads`, from 1. Events are sorted
-- by change and ordinal; event_ends[change] is the place of a change's last event, 0 when it has none.
--
-- Two batches of two workers never deadlock because all take their locks in one order: existing
-- dossiers by id, uploads by id, idempotency keys by account and key, counters by agency and day.
-- The planner's settings are fixed because a plan made while the tables were empty would read them
-- whole for as long as the connection lives.
CREATE OR REPLACE FUNCTION store_change_batch_v3(
    heads change_head[], dossiers change_dossier[], tasks change_task[], ledger change_ledger[],
    events change_event[], event_ends bigint[], timers change_timer[], cancels change_timer_cancel[],
    outbox_rows change_outbox[], notices change_notice[], deltas change_delta[],
    papers change_paper[], fees change_fee[], supplements change_supplement[],
    results change_result[], forms change_form[], parcels change_parcel[],
    parcel_events change_parcel_event[], moves change_move[])
RETURNS SETOF change_result_row
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_bitmapscan = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    total    constant integer := cardinality(heads);
    created  constant integer := cardinality(dossiers);
    outcomes text[];      -- null: to be applied
    reasons  text[];
    ids      bigint[];    -- null: not to be applied
    codes    text[];
    base_seq bigint[];    -- last seq before the change
    base_hash text[];     -- and its hash, hexadecimal
    seqs     bigint[];    -- last seq after it
    event_seq bigint[];   -- by event
    event_hash bytea[];
    dead     boolean;
    keyed    integer;     -- changes that claim a key
    fires    boolean;     -- some change claims a rung
    settles  boolean;     -- some change is an answer to what left the house
    found_ids bigint[];
    found_versions bigint[];
    lasts    integer[];
    claimed  integer[];
    uploads  text[];
BEGIN
    -- 1. Keys that were used before: by a statement of its own, so that it sees what committed.
    SELECT array_agg(CASE WHEN i.account IS NOT NULL THEN 'duplicate' END ORDER BY h.change),
           bool_or(i.account IS NOT NULL), bool_or(h.fire_scope IS NOT NULL),
           bool_or(h.settles_outbox IS NOT NULL)
    INTO outcomes, dead, fires, settles
    FROM unnest(heads) h LEFT JOIN idempotency i ON i.account = h.account AND i.key = h.key;

    -- 2. Existing dossiers: lock in order, compare versions, look whether the rung fired.
    IF created < total THEN
        WITH locked AS MATERIALIZED (
            SELECT h.change, d.id, d.version, d.code, d.head_seq, d.head_hash
            FROM unnest(heads[created + 1:]) h JOIN dossier d ON d.id = h.dossier_id
            ORDER BY d.id
            FOR UPDATE OF d
        )
        SELECT array_agg(id ORDER BY change), array_agg(version ORDER BY change),
               array_agg(code ORDER BY change), array_agg(head_seq ORDER BY change),
               array_agg(encode(head_hash, 'hex') ORDER BY change)
        INTO found_ids, found_versions, codes, base_seq, base_hash
        FROM locked;
        IF coalesce(cardinality(found_ids), 0) <> total - created THEN
            RAISE EXCEPTION 'a dossier of the batch does not exist' USING ERRCODE = 'P0002';
        END IF;
        SELECT outcomes[:created] || array_agg(
                   CASE WHEN outcomes[h.change] IS NOT NULL THEN outcomes[h.change]
                        WHEN f.dossier_id IS NOT NULL THEN 'fired'
                        WHEN h.version <> found_versions[h.change - created] THEN 'stale' END
                   ORDER BY h.change),
               dead OR bool_or(f.dossier_id IS NOT NULL
                               OR h.version <> found_versions[h.change - created])
        INTO outcomes, dead
        FROM unnest(heads[created + 1:]) h
        LEFT JOIN timer_fire f ON f.dossier_id = h.dossier_id AND f.scope = h.fire_scope
                              AND f.epoch = h.fire_epoch AND f.rung = h.fire_rung;
    END IF;

    -- 3. What a new dossier, or a paper, refers to.
    IF EXISTS (SELECT FROM unnest(dossiers) d WHERE d.external_code IS NOT NULL) THEN
        SELECT array_agg(CASE WHEN outcomes[d.change] IS NULL
                                   AND (x.id IS NOT NULL OR d.nth > 1)
                              THEN 'external_code_taken' END ORDER BY d.change)
        INTO reasons
        FROM (SELECT e.change, e.external_code,
                     CASE WHEN e.external_code IS NOT NULL
                          THEN row_number() OVER (PARTITION BY e.external_code, outcomes[e.change]
                                                  ORDER BY e.change) END AS nth
              FROM unnest(dossiers) e) d
        LEFT JOIN dossier x ON x.external_code = d.external_code;
    END IF;
    IF cardinality(papers) > 0 OR cardinality(results) > 0 THEN
        SELECT array_agg(upload ORDER BY upload) INTO uploads
        FROM (SELECT DISTINCT p.upload COLLATE "C" FROM
                  (SELECT upload FROM unnest(papers) UNION ALL SELECT upload FROM unnest(results)) p
              WHERE p.upload IS NOT NULL) u(upload);
    END IF;
    IF uploads IS NOT NULL THEN
        WITH locked AS MATERIALIZED (
            SELECT d.id FROM document d WHERE d.id = ANY (uploads) ORDER BY d.id FOR UPDATE
        )
        SELECT array_agg(u.upload) INTO uploads
        FROM unnest(uploads) u(upload)
        WHERE NOT EXISTS (SELECT FROM locked l WHERE l.id = u.upload);
        IF uploads IS NOT NULL THEN
            SELECT array_agg(coalesce(reasons[h.change],
                       CASE WHEN outcomes[h.change] IS NULL AND EXISTS (
                           SELECT FROM (SELECT change, upload FROM unnest(papers)
                                        UNION ALL SELECT change, upload FROM unnest(results)) p
                           WHERE p.change = h.change AND p.upload = ANY (uploads))
                       THEN 'upload_unknown' END) ORDER BY h.change)
            INTO reasons FROM unnest(heads) h;
        END IF;
    END IF;
    IF reasons IS NOT NULL THEN
        SELECT array_agg(CASE WHEN reasons[o.change] IS NOT NULL THEN 'refused' ELSE o.outcome END
                         ORDER BY o.change),
               dead OR bool_or(reasons[o.change] IS NOT NULL)
        INTO outcomes, dead
        FROM unnest(outcomes) WITH ORDINALITY o(outcome, change);
    END IF;

    -- 4. Ids; null for what is not to be applied.
    SELECT array_agg(CASE WHEN outcomes[h.change] IS NOT NULL THEN NULL
                          WHEN h.change <= created THEN nextval('dossier_id_seq')
                          ELSE h.dossier_id END ORDER BY h.change),
           array_agg(coalesce(base_seq[h.change - created], 0)
                     + CASE WHEN event_ends[h.change] = 0 THEN 0
                            ELSE (events[event_ends[h.change]]).ordinal END ORDER BY h.change),
           count(*) FILTER (WHERE h.key IS NOT NULL AND outcomes[h.change] IS NULL)
    INTO ids, seqs, keyed
    FROM unnest(heads) h;

    -- 5. Claim the keys. Whoever loses the race against another worker is a duplicate after all.
    WITH claims AS (
        INSERT INTO idempotency (account, key, body_hash, dossier_id, seq)
        SELECT h.account, h.key, h.body_hash, ids[h.change], seqs[h.change]
        FROM unnest(heads) h
        WHERE h.key IS NOT NULL AND ids[h.change] IS NOT NULL
        ORDER BY h.account, h.key COLLATE "C", h.change
        ON CONFLICT (account, key) DO NOTHING
        RETURNING dossier_id
    )
    SELECT array_agg(dossier_id) INTO found_ids FROM claims;
    IF coalesce(cardinality(found_ids), 0) <> keyed THEN
        SELECT array_agg(CASE WHEN lost THEN 'duplicate' ELSE outcomes[change] END ORDER BY change),
               array_agg(CASE WHEN NOT lost THEN ids[change] END ORDER BY change)
        INTO outcomes, ids
        FROM (SELECT h.change,
                     h.key IS NOT NULL AND ids[h.change] IS NOT NULL
                     AND (found_ids IS NULL OR ids[h.change] <> ALL (found_ids)) AS lost
              FROM unnest(heads) h) x;
        dead := true;
    END IF;

    -- 6. Codes: one range per agency and day. The counters are locked as late as can be.
    IF created > 0 THEN
        WITH wanted AS MATERIALIZED (
            SELECT h.code_agency COLLATE "C" AS agency, h.code_day AS day, count(*)::integer AS many
            FROM unnest(heads[:created]) h
            WHERE ids[h.change] IS NOT NULL
            GROUP BY 1, 2
        ), counted AS (
            INSERT INTO code_counter AS c (agency, day, last)
            SELECT agency, day, many FROM wanted ORDER BY agency, day
            ON CONFLICT (agency, day) DO UPDATE SET last = c.last + excluded.last
            RETURNING agency, day, last
        )
        SELECT array_agg(last ORDER BY agency, day) INTO lasts FROM counted;
        SELECT array_agg(code ORDER BY change) || codes,
               array_agg(0::bigint) || base_seq, array_agg(repeat('0', 64)) || base_hash
        INTO codes, base_seq, base_hash
        FROM (SELECT h.change,
                     CASE WHEN ids[h.change] IS NOT NULL THEN
                         h.code_agency || '-' || to_char(h.code_day, 'YYMMDD') || '-'
                         || CASE WHEN n.number < 10000 THEN lpad(n.number::text, 4, '0')
                                 ELSE n.number::text END END AS code
              FROM (SELECT x.change, x.code_agency, x.code_day,
                           dense_rank() OVER counters AS counter,
                           row_number() OVER mine AS nth,
                           count(*) OVER mine_all AS many
                    FROM (SELECT * FROM unnest(heads[:created]) y
                          WHERE ids[y.change] IS NOT NULL) x
                    WINDOW counters AS (ORDER BY x.code_agency COLLATE "C", x.code_day),
                           mine AS (PARTITION BY x.code_agency COLLATE "C", x.code_day
                                    ORDER BY x.change),
                           mine_all AS (PARTITION BY x.code_agency COLLATE "C", x.code_day)
                   ) h,
                   LATERAL (SELECT lasts[h.counter] - h.many + h.nth AS number) n
              UNION ALL
              SELECT z.change, NULL FROM unnest(heads[:created]) z WHERE ids[z.change] IS NULL) c;
    END IF;

    -- 7. Chain the events: each hash takes in the one before it.
    WITH RECURSIVE chain AS (
        SELECT e.place, e.change, base_seq[e.change] + 1 AS seq,
               sha256(convert_to('dvc1' || chr(10) || codes[e.change] || chr(10)
                                 || (base_seq[e.change] + 1)::text || chr(10)
                                 || base_hash[e.change] || chr(10) || e.body, 'UTF8')) AS hash
        FROM ROWS FROM (unnest(events)) WITH ORDINALITY
             AS e(change, ordinal, at, kind, actor, role, body, reason, note, place)
        WHERE e.ordinal = 1
        UNION ALL
        SELECT c.place + 1, c.change, c.seq + 1,
               sha256(convert_to('dvc1' || chr(10) || codes[c.change] || chr(10)
                                 || (c.seq + 1)::text || chr(10) || encode(c.hash, 'hex') || chr(10)
                                 || (events[c.place + 1]).body, 'UTF8'))
        FROM chain c
        WHERE c.place < event_ends[c.change]
    )
    SELECT array_agg(seq ORDER BY place), array_agg(hash ORDER BY place)
    INTO event_seq, event_hash
    FROM chain;

    -- 8. The rows.
    IF created > 0 THEN
        INSERT INTO dossier (
            id, code, external_code, version, decision, procedure_id, procedure, case_id,
            agency_helping, agency_receiving, agency_competent, channel, delivery, state, clock,
            filed_by, owner_account, applicant, owner, on_behalf, name_folded, phone, id_number,
            form, delivery_to, engine, submitted_at, received_at, due_first, due_current,
            finished_at, returned_at, ended_at, calendar_version, last_event_at, head_seq, head_hash)
        SELECT n.id, n.code, n.external_code, 1, n.decision, n.procedure_id, n.procedure, n.case_id,
               n.agency_helping, n.agency_receiving, n.agency_competent, n.channel, n.delivery,
               n.state, n.clock, n.filed_by,
               coalesce(n.owner_account,
                        (SELECT a.id FROM account a WHERE a.id_number = n.id_number_owner)),
               n.applicant::jsonb, n.owner::jsonb, n.on_behalf, n.name_folded, n.phone, n.id_number,
               n.form::jsonb, n.delivery_to::jsonb, n.engine::jsonb, n.submitted_at, n.received_at,
               n.due_first, n.due_current, n.finished_at, n.returned_at, n.ended_at,
               n.calendar_version, n.last_event_at, n.seq,
               coalesce(event_hash[event_ends[n.place]], decode(base_hash[n.place], 'hex'))
        FROM ROWS FROM (unnest(heads[:created]), unnest(dossiers), unnest(ids[:created]),
                        unnest(codes[:created]), unnest(seqs[:created])) WITH ORDINALITY
             AS n(change, dossier_id, version, account, key, body_hash, code_agency, code_day,
                  decision, state, clock, engine, submitted_at, received_at, due_first, due_current,
                  finished_at, returned_at, ended_at, calendar_version, last_event_at, delivery, fire_scope,
                  fire_epoch, fire_rung, settles_outbox,
                  change2, external_code, procedure_id, procedure, case_id, agency_helping,
                  agency_receiving, agency_competent, channel, filed_by, owner_account,
                  id_number_owner, applicant, owner, on_behalf, name_folded, phone, id_number, form,
                  delivery_to, id, code, seq, place)
        WHERE n.id IS NOT NULL;
    END IF;

    IF created < total THEN
        UPDATE dossier d
        SET version = d.version + 1, decision = h.decision, state = h.state, clock = h.clock,
            engine = h.engine::jsonb, submitted_at = h.submitted_at, received_at = h.received_at, due_first = h.due_first,
            due_current = h.due_current, finished_at = h.finished_at, returned_at = h.returned_at,
            ended_at = h.ended_at, calendar_version = h.calendar_version, delivery = h.delivery,
            last_event_at = h.last_event_at, head_seq = seqs[h.change],
            head_hash = coalesce(event_hash[nullif(event_ends[h.change], 0)], d.head_hash)
        FROM unnest(heads[created + 1:]) h
        WHERE d.id = ids[h.change];

        -- To another version of its procedure, in the commit of the event that tells of it.
        IF cardinality(moves) > 0 THEN
            UPDATE dossier d SET procedure_id = m.procedure_id
            FROM unnest(moves) m WHERE d.id = ids[m.change];
        END IF;

        IF fires THEN
            INSERT INTO timer_fire (dossier_id, scope, epoch, rung, fired_at)
            SELECT ids[h.change], h.fire_scope, h.fire_epoch, h.fire_rung, h.last_event_at
            FROM unnest(heads[created + 1:]) h
            WHERE h.fire_scope IS NOT NULL AND ids[h.change] IS NOT NULL;

            DELETE FROM timer t USING unnest(heads[created + 1:]) h
            WHERE t.dossier_id = ids[h.change] AND t.scope = h.fire_scope AND t.epoch = h.fire_epoch
              AND t.rung = h.fire_rung;
        END IF;

        IF settles THEN
            DELETE FROM outbox_retry r USING unnest(heads[created + 1:]) h
            WHERE r.id = h.settles_outbox AND ids[h.change] IS NOT NULL;
        END IF;

        IF cardinality(cancels) > 0 THEN
            DELETE FROM timer t USING unnest(cancels) c
            WHERE t.dossier_id = ids[c.change] AND t.scope = c.scope
              AND (c.epoch = -1 OR t.epoch = c.epoch);
        END IF;
    END IF;

    INSERT INTO event (dossier_id, seq, at, kind, actor, role, body, hash)
    SELECT ids[e.change], e.seq, e.at, e.kind, e.actor, e.role, e.body, e.hash
    FROM ROWS FROM (unnest(events), unnest(event_seq), unnest(event_hash))
         AS e(change, ordinal, at, kind, actor, role, body, reason, note, seq, hash)
    WHERE ids[e.change] IS NOT NULL;

    INSERT INTO event_note (dossier_id, seq, reason, note)
    SELECT ids[e.change], e.seq, e.reason, e.note
    FROM ROWS FROM (unnest(events), unnest(event_seq))
         AS e(change, ordinal, at, kind, actor, role, body, reason, note, seq)
    WHERE ids[e.change] IS NOT NULL AND (e.reason IS NOT NULL OR e.note IS NOT NULL);

    INSERT INTO task (dossier_id, no, step, name, state, role, agency, assignee, epoch, opened_at,
                      closed_at, due, budget_left, grp, previous)
    SELECT ids[t.change], t.no, t.step, t.name, t.state, t.role, t.agency, t.assignee, t.epoch,
           t.opened_at, t.closed_at, t.due, t.budget_left, t.grp, t.previous
    FROM unnest(tasks) t WHERE ids[t.change] IS NOT NULL
    ON CONFLICT (dossier_id, no) DO UPDATE
    SET step = excluded.step, name = excluded.name, previous = excluded.previous,
        state = excluded.state, role = excluded.role, agency = excluded.agency,
        assignee = excluded.assignee, epoch = excluded.epoch, closed_at = excluded.closed_at,
        due = excluded.due, budget_left = excluded.budget_left, grp = excluded.grp;

    IF cardinality(timers) > 0 THEN
        INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)
        SELECT ids[t.change], t.scope, t.epoch, t.rung, t.kind, t.fire_at
        FROM unnest(timers) t WHERE ids[t.change] IS NOT NULL
        ON CONFLICT (dossier_id, scope, epoch, rung) DO UPDATE SET fire_at = excluded.fire_at;
    END IF;

    IF cardinality(ledger) > 0 THEN
        INSERT INTO clock_ledger (dossier_id, no, kind, reason, party, from_at, to_at, old_due,
                                  new_due)
        SELECT ids[l.change], l.no, l.kind, l.reason, l.party, l.from_at, l.to_at, l.old_due,
               l.new_due
        FROM unnest(ledger) l WHERE ids[l.change] IS NOT NULL
        ON CONFLICT (dossier_id, no) DO UPDATE
        SET to_at = excluded.to_at, old_due = excluded.old_due, new_due = excluded.new_due;
    END IF;

    -- A key left to us is made of code, topic and seq; one that begins with ':' is added to it.
    IF cardinality(outbox_rows) > 0 THEN
        INSERT INTO outbox (dossier_id, channel, topic, key, body, at)
        SELECT ids[o.change], o.channel, o.topic,
               CASE WHEN o.key IS NULL OR left(o.key, 1) = ':'
                    THEN codes[o.change] || ':' || o.topic || ':' || seqs[o.change]::text
                         || coalesce(o.key, '')
                    ELSE o.key END,
               o.body, (heads[o.change]).last_event_at
        FROM unnest(outbox_rows) o WHERE ids[o.change] IS NOT NULL;
    END IF;

    IF cardinality(notices) > 0 THEN
        INSERT INTO notice (account, role, agency, kind, dossier_id, body, at)
        SELECT n.account, n.role, n.agency, n.kind, ids[n.change], n.body,
               (heads[n.change]).last_event_at
        FROM unnest(notices) n WHERE ids[n.change] IS NOT NULL;
    END IF;

    IF cardinality(deltas) > 0 THEN
        INSERT INTO stat_delta (day, agency, procedure, channel, measure, due_day, count)
        SELECT d.day, d.agency, d.procedure, d.channel, d.measure,
               coalesce(d.due_day, 'infinity'), d.count
        FROM unnest(deltas) d WHERE ids[d.change] IS NOT NULL;
    END IF;

    IF cardinality(papers) > 0 THEN
        INSERT INTO dossier_paper (dossier_id, no, paper, upload, copies, originals, certified)
        SELECT ids[p.change], p.no, p.paper, p.upload, p.copies, p.originals, p.certified
        FROM unnest(papers) p WHERE ids[p.change] IS NOT NULL
        ON CONFLICT (dossier_id, no) DO UPDATE
        SET upload = excluded.upload, copies = excluded.copies, originals = excluded.originals,
            certified = excluded.certified;
        UPDATE document d SET used = true FROM unnest(papers) p
        WHERE d.id = p.upload AND NOT d.used AND ids[p.change] IS NOT NULL;
    END IF;

    IF cardinality(fees) > 0 THEN
        INSERT INTO dossier_fee (dossier_id, no, fee, amount, waived, paid_at, receipt, method)
        SELECT ids[f.change], f.no, f.fee, f.amount, f.waived, f.paid_at, f.receipt, f.method
        FROM unnest(fees) f WHERE ids[f.change] IS NOT NULL
        ON CONFLICT (dossier_id, no) DO UPDATE
        SET amount = excluded.amount, waived = excluded.waived, paid_at = excluded.paid_at,
            receipt = excluded.receipt, method = excluded.method;
    END IF;

    IF cardinality(supplements) > 0 THEN
        INSERT INTO supplement (dossier_id, no, intake, requested_at, closed_at, by_account, reason,
                                papers)
        SELECT ids[s.change], s.no, s.intake, s.requested_at, s.closed_at, s.by_account, s.reason,
               s.papers::jsonb
        FROM unnest(supplements) s WHERE ids[s.change] IS NOT NULL
        ON CONFLICT (dossier_id, no) DO UPDATE SET closed_at = excluded.closed_at;
    END IF;

    IF cardinality(results) > 0 THEN
        INSERT INTO result (dossier_id, no, code, number, signed_by, signed_at, upload)
        SELECT ids[r.change], r.no, r.code, r.number, r.signed_by, r.signed_at, r.upload
        FROM unnest(results) r WHERE ids[r.change] IS NOT NULL;
        UPDATE document d SET used = true FROM unnest(results) r
        WHERE d.id = r.upload AND NOT d.used AND ids[r.change] IS NOT NULL;
    END IF;

    IF cardinality(forms) > 0 THEN
        INSERT INTO form_issued (dossier_id, no, form, number, issued_at, by_account, content)
        SELECT ids[f.change], f.no, f.form,
               CASE WHEN left(f.number, 1) = '/' THEN codes[f.change] || f.number ELSE f.number END,
               f.issued_at, f.by_account, f.content::jsonb
        FROM unnest(forms) f WHERE ids[f.change] IS NOT NULL;
    END IF;

    IF cardinality(parcels) > 0 THEN
        INSERT INTO parcel (dossier_id, no, direction, state, order_number, item_code, office,
                            created_at, state_at)
        SELECT ids[p.change], p.no, p.direction, p.state,
               CASE WHEN left(p.order_number, 1) = '-' THEN codes[p.change] || p.order_number
                    ELSE p.order_number END,
               p.item_code, p.office, p.created_at, p.state_at
        FROM unnest(parcels) p WHERE ids[p.change] IS NOT NULL
        ON CONFLICT (dossier_id, no) DO UPDATE
        SET state = excluded.state, item_code = excluded.item_code, office = excluded.office,
            state_at = excluded.state_at;
    END IF;
    IF cardinality(parcel_events) > 0 THEN
        INSERT INTO parcel_event (dossier_id, parcel_no, source_id, at, state, moves, status_code,
                                  place, note)
        SELECT ids[p.change], p.parcel_no, p.source_id, p.at, p.state, p.moves, p.status_code,
               p.place, p.note
        FROM unnest(parcel_events) p WHERE ids[p.change] IS NOT NULL
        ON CONFLICT (dossier_id, parcel_no, source_id) DO NOTHING;
    END IF;

    -- 9. The answers, in the order of the batch.
    IF NOT dead THEN
        RETURN QUERY
        SELECT h.change, 'applied'::text, NULL::text, ids[h.change], codes[h.change],
               CASE WHEN h.change <= created THEN 1 ELSE h.version + 1 END, h.decision,
               seqs[h.change], NULL::bytea
        FROM unnest(heads) h;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT h.change, coalesce(outcomes[h.change], 'applied'), reasons[h.change],
           coalesce(ids[h.change], i.dossier_id, nullif(h.dossier_id, 0)),
           coalesce(codes[h.change], d.code)::text,
           CASE WHEN ids[h.change] IS NULL THEN d.version
                WHEN h.change <= created THEN 1 ELSE h.version + 1 END,
           CASE WHEN ids[h.change] IS NULL THEN d.decision ELSE h.decision END,
           CASE WHEN ids[h.change] IS NOT NULL THEN seqs[h.change]
                WHEN i.dossier_id IS NOT NULL THEN i.seq ELSE d.head_seq END,
           i.body_hash
    FROM unnest(heads) h
    LEFT JOIN idempotency i ON outcomes[h.change] = 'duplicate' AND i.account = h.account
                           AND i.key = h.key
    LEFT JOIN dossier d ON ids[h.change] IS NULL AND d.id = coalesce(i.dossier_id, h.dossier_id)
    ORDER BY h.change;
END
$$;
