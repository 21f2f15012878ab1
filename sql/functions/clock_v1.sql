-- What the clock does beside timers. Every function here stays right when two run at once.

-- Makes the partitions of `event` and `outbox` that the next `ahead` rows will need. The owner's: a
-- worker has no right to make tables. A table of its own is attached, for that lets writers go on
-- (creating it as a partition would lock them out). Answers how many were made.
CREATE OR REPLACE FUNCTION partitions_ahead_v1(ahead bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
    size constant bigint := 1000000;
    target record;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dvcd.partitions'));
    FOR target IN
        SELECT p.parent, p.parent || '_p' || n AS name, n * size AS lower, (n + 1) * size AS upper
        FROM (SELECT 'event' AS parent, last_value AS last FROM dossier_id_seq
              UNION ALL SELECT 'outbox', last_value FROM outbox_id_seq) p,
             generate_series(p.last / size, (p.last + least(ahead, 100 * size)) / size) n
        WHERE to_regclass(p.parent || '_p' || n) IS NULL
    LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', target.name, target.parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       target.parent, target.name, target.lower, target.upper);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;

-- Drops partitions of the outbox in which all is delivered: every row below the mark and none left in
-- outbox_retry. With the table locked nobody is about to add a row with a number of that range. When
-- the lock is not to be had at once, another time. Answers how many were dropped.
CREATE OR REPLACE FUNCTION outbox_drop_v1(keep_days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET lock_timeout = '200ms'
AS $$
DECLARE
    size constant bigint := 1000000;
    target record;
    busy boolean;
    dropped integer := 0;
BEGIN
    FOR target IN
        SELECT c.relname AS name, n * size AS lower, (n + 1) * size AS upper
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
             LATERAL (SELECT substring(c.relname FROM '^outbox_p(\d+)$')::bigint AS n) x
        WHERE i.inhparent = 'outbox'::regclass
          AND (n + 1) * size <= (SELECT last_value FROM outbox_id_seq)
          AND NOT EXISTS (SELECT FROM outbox_retry r WHERE r.id >= n * size AND r.id < (n + 1) * size)
        ORDER BY n
    LOOP
        -- The long look at every row is without a lock. Under it only what lies beyond the mark is
        -- looked at, by its index: a transaction that took a number early may have committed late.
        SELECT EXISTS (SELECT FROM outbox o
                       WHERE o.id >= target.lower AND o.id < target.upper
                         AND o.at > clock_timestamp() - make_interval(days => keep_days))
        INTO busy;
        IF busy THEN
            EXIT;
        END IF;
        BEGIN
            LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE;
            SELECT EXISTS (SELECT FROM outbox o, outbox_mark m
                           WHERE (o.xid, o.id) > (m.xid, m.id)
                             AND o.id >= target.lower AND o.id < target.upper)
                   OR EXISTS (SELECT FROM outbox_retry r
                              WHERE r.id >= target.lower AND r.id < target.upper)
            INTO busy;
            IF busy THEN
                EXIT;
            END IF;
            EXECUTE format('DROP TABLE %I', target.name);
            dropped := dropped + 1;
        EXCEPTION WHEN lock_not_available THEN
            EXIT;
        END;
    END LOOP;
    RETURN dropped;
END
$$;

-- Removes uploads that no dossier took within `hours`, at most `most`, and bytes that are then
-- nobody's. Who takes in the same content holds the lock of that content shared (upload_keep.sql): so
-- his row is either seen here, or he finds the bytes gone and brings his own. An upload that a change
-- is just taking is locked by it and left alone. Answers how many uploads went.
CREATE OR REPLACE FUNCTION uploads_purge_v1(hours integer, most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    gone bytea[];
    content bytea;
BEGIN
    WITH old AS (
        SELECT d.id FROM document d
        WHERE NOT d.used AND d.created_at < clock_timestamp() - make_interval(hours => hours)
        ORDER BY d.created_at LIMIT most
        FOR UPDATE SKIP LOCKED
    ), removed AS (
        DELETE FROM document d USING old WHERE d.id = old.id AND NOT d.used RETURNING d.sha256
    )
    SELECT array_agg(sha256) INTO gone FROM removed;
    FOR content IN SELECT DISTINCT c FROM unnest(gone) c ORDER BY c LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(encode(content, 'hex'), 0));
        DELETE FROM blob b
        WHERE b.sha256 = content AND NOT EXISTS (SELECT FROM document d WHERE d.sha256 = content);
    END LOOP;
    RETURN coalesce(cardinality(gone), 0);
END
$$;
