-- Idempotency-Key of what has no row of its own to remember it by.

-- Of the last request; one before that is harmless twice, for a mark never goes back.
ALTER TABLE notice_mark ADD COLUMN key text COLLATE "C", ADD COLUMN asked bigint;
-- An administrator's decision about a row whose dossier has no history to keep it.
ALTER TABLE outbox_record ADD COLUMN request_key text COLLATE "C", ADD COLUMN request_digest bytea;
CREATE INDEX outbox_record_request ON outbox_record (account, request_key) WHERE request_key IS NOT NULL;
