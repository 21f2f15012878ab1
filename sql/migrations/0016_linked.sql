-- Dossiers that a dossier opened (liên thông). The lead's number and code stand in the part's engine
-- column, so that the part and its link are saved by one statement, whoever saves them.

CREATE TABLE dossier_link (
    part_id bigint PRIMARY KEY,                        -- dossier.id, of at most one lead
    lead_id bigint NOT NULL,
    no      integer NOT NULL,                          -- the lead's number of it
    UNIQUE (lead_id, no)                               -- opened twice: the second is refused
);

CREATE FUNCTION dossier_link_note() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dossier_link (part_id, lead_id, no)
    VALUES (NEW.id, (NEW.engine -> 'lead' ->> 'id')::bigint, (NEW.engine -> 'lead' ->> 'no')::integer);
    RETURN NULL;
END
$$;
CREATE TRIGGER dossier_link_note AFTER INSERT ON dossier
    FOR EACH ROW WHEN (NEW.engine ? 'lead') EXECUTE FUNCTION dossier_link_note();
