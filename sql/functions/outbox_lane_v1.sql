-- When a row leaves, whoever waited behind it in its lane is the first. A batch of changes deletes
-- rows too, so that this is a trigger and not a line in each statement. The select sees what other
-- transactions have committed until now: who parks a row (outbox_claim_v3) holds the lane's first
-- row meanwhile, and the deletion has waited for that.
CREATE OR REPLACE FUNCTION outbox_promote_v1() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE outbox_retry r SET head = true
    WHERE r.id = (SELECT n.id FROM outbox_retry n
                  WHERE n.dossier_id = old.dossier_id AND n.channel = old.channel
                  ORDER BY n.id LIMIT 1)
      AND r.head IS DISTINCT FROM true;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER outbox_promote AFTER DELETE ON outbox_retry
    FOR EACH ROW EXECUTE FUNCTION outbox_promote_v1();
