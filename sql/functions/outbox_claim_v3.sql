-- What `courier` may work on now, at most `most` rows. First moves what is new from the outbox into
-- outbox_retry: only rows of transactions below the oldest one running, in the order (xid, id), so
-- that a row which commits late is never jumped over. Then says of rows not looked at yet whether
-- they are the first of their lane (dossier, channel) or wait: sixty thousand that wait behind a dead
-- letter must not be looked at in each claim. Then claims the first row of each lane whose time has
-- come and which no living courier holds. What bears the courier's own name and is not among the
-- `held` that it knows of comes from a claim that was committed and whose answer got lost: it is
-- claimed again, else it would wait as long as the courier lives.
CREATE OR REPLACE FUNCTION outbox_claim_v3(who text, most integer, held bigint[])
RETURNS TABLE (id bigint, dossier_id bigint, channel text, topic text, key text, body text,
               attempts integer, created_at timestamptz, strikes integer, code text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    mark outbox_mark;
    seen_xid xid8;
    seen_id bigint;
BEGIN
    SELECT m.* INTO mark FROM outbox_mark m FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        WITH fresh AS (
            SELECT o.* FROM outbox o
            WHERE (o.xid, o.id) > (mark.xid, mark.id)
              AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY o.xid, o.id LIMIT 1000
        ), moved AS (
            INSERT INTO outbox_retry (id, dossier_id, channel, topic, key, body, created_at, next_at)
            SELECT f.id, f.dossier_id, f.channel, f.topic, f.key, f.body, f.at, f.at FROM fresh f
            ON CONFLICT DO NOTHING
        )
        SELECT f.xid, f.id INTO seen_xid, seen_id FROM fresh f ORDER BY f.xid DESC, f.id DESC LIMIT 1;
        IF FOUND THEN
            UPDATE outbox_mark SET xid = seen_xid, id = seen_id;
        END IF;

        -- Only whoever holds the mark comes here. A row is parked while the first of its lane is
        -- locked: else it could leave in between and nobody would wake the row up. A first row that
        -- is just leaving is not waited for; those behind it are looked at again next time.
        WITH fresh AS MATERIALIZED (
            SELECT r.id, (SELECT l.id FROM outbox_retry l
                          WHERE l.dossier_id = r.dossier_id AND l.channel = r.channel
                          ORDER BY l.id LIMIT 1) AS first
            FROM outbox_retry r WHERE r.head IS NULL ORDER BY r.id LIMIT 2000
        ), locked AS MATERIALIZED (
            SELECT l.id FROM outbox_retry l
            WHERE l.id IN (SELECT f.first FROM fresh f WHERE f.first <> f.id)
            FOR KEY SHARE SKIP LOCKED
        )
        UPDATE outbox_retry r SET head = (f.first = f.id) FROM fresh f
        WHERE r.id = f.id AND (f.first = f.id OR f.first IN (SELECT l.id FROM locked l));
    END IF;

    RETURN QUERY
    WITH free AS (
        SELECT r.id FROM outbox_retry r
        WHERE r.head AND r.dead_at IS NULL AND r.next_at <= clock_timestamp()
          AND r.id <> ALL (held)
          AND (r.courier IS NULL OR r.courier = who
               OR NOT EXISTS (SELECT FROM courier_alive a
                              WHERE a.courier = r.courier AND a.until > clock_timestamp()))
          AND NOT EXISTS (SELECT FROM outbox_retry before
                          WHERE before.dossier_id = r.dossier_id AND before.channel = r.channel
                            AND before.id < r.id)
        ORDER BY r.next_at LIMIT most
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_retry r SET courier = who
    FROM free WHERE r.id = free.id
    RETURNING r.id, r.dossier_id, r.channel, r.topic, r.key, r.body, r.attempts,
              r.created_at, r.strikes,
              (SELECT d.code FROM dossier d WHERE d.id = r.dossier_id)::text;
END
$$;
