-- A calendar that is taken back to what it was before is a new version with an old content: were it
-- not published, dates would go on by the mistake.
ALTER TABLE calendar_version DROP CONSTRAINT calendar_version_name_sha256_key;
CREATE INDEX calendar_version_newest ON calendar_version (name, version);
