-- Whether an account administers the place that a row of the outbox belongs to: an agency at or above
-- the dossier's. A row without a dossier is the matter of whoever administers a whole province.
CREATE OR REPLACE FUNCTION outbox_administered_v1(who bigint, dossier bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM account_places_v1(who) p JOIN agency a ON a.code = p.agency
        WHERE p.role = 'admin' AND p.procedure IS NULL
          AND coalesce((SELECT p.agency = d.agency_competent FROM dossier d WHERE d.id = dossier),
                       a.parent IS NULL))
$$;

-- A person's decision on a dead letter: tried again at once, or gone. With `record` it is written
-- down here, where no dossier can tell of it; `who` null: the owner of the node, by dvcctl. False:
-- there is no such dead letter.
CREATE OR REPLACE FUNCTION outbox_settle_v2(letter bigint, who bigint, act text, why text,
                                            record boolean, idem text, digest bytea) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    r outbox_retry;
BEGIN
    SELECT o.* INTO r FROM outbox_retry o WHERE o.id = letter AND o.dead_at IS NOT NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF record THEN
        INSERT INTO outbox_record (account, action, reason, outbox_id, dossier_id, channel, topic, key,
                                   request_key, request_digest)
        VALUES (who, act, why, r.id, r.dossier_id, r.channel, r.topic, r.key, idem, digest);
    END IF;
    IF act = 'skip' THEN
        DELETE FROM outbox_retry o WHERE o.id = letter;
    ELSE
        UPDATE outbox_retry o SET dead_at = NULL, strikes = 0, next_at = clock_timestamp(),
            courier = NULL
        WHERE o.id = letter;
    END IF;
    RETURN true;
END
$$;
