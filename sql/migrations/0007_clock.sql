-- What the clock looks for: dossiers dated by an older calendar, and whether a file's bytes are still
-- somebody's.
CREATE INDEX dossier_calendar ON dossier (agency_competent, calendar_version) WHERE clock <> 'ended';
CREATE INDEX document_sha256 ON document (sha256);
