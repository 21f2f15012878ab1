-- A person finds the dossiers of which he is the owner and somebody else the applicant.
CREATE INDEX dossier_owner_id_number ON dossier ((owner ->> 'id_number')) WHERE owner IS NOT NULL;
