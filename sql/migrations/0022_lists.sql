-- Lists of a province over years.

-- A post office's parcels, newest first; the state is looked up in the index, too.
CREATE INDEX parcel_office_newest ON parcel (office, dossier_id DESC, no) INCLUDE (state, direction)
    WHERE office IS NOT NULL;
DROP INDEX parcel_office;
-- The dossiers in a state or of a procedure, newest first: what is rare is found without reading all.
CREATE INDEX dossier_state ON dossier (state, id);
CREATE INDEX dossier_procedure ON dossier (procedure, id);
