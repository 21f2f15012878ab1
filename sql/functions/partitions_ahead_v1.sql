-- Makes the partitions that ids will need next, and says how many it made. Workers own nothing, so
-- it runs with the owner's rights; it takes nothing from its caller. The clock calls it now and then:
-- there is always room for at least a million more dossiers and messages.
CREATE OR REPLACE FUNCTION partitions_ahead_v1() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    width constant bigint := 1000000;
    made  integer := 0;
    item  record;
    next_part bigint;
BEGIN
    -- One caller at a time; another waits, then finds the work done.
    PERFORM pg_advisory_xact_lock(hashtextextended('dvcd partitions', 0));
    FOR item IN
        SELECT 'event' AS parent, (SELECT last_value FROM public.dossier_id_seq) AS last
        UNION ALL
        SELECT 'outbox', (SELECT last_value FROM public.outbox_id_seq)
    LOOP
        FOR next_part IN item.last / width .. item.last / width + 1 LOOP
            IF to_regclass(format('public.%I', item.parent || '_p' || next_part)) IS NULL THEN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I'
                               ' FOR VALUES FROM (%s) TO (%s)',
                               item.parent || '_p' || next_part, item.parent,
                               next_part * width, (next_part + 1) * width);
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
