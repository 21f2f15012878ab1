-- Hand-over records (biên bản giao nhận) and the live queue.

-- A desk's queue in its order: what is due first, then what has no date. A page is read from where
-- the last one ended; counts and fingerprints of a queue are read from the index alone.
CREATE INDEX task_desk ON task (agency, role, (coalesce(due, 'infinity'::timestamptz)), dossier_id, no)
    INCLUDE (assignee, due) WHERE state = 'open' AND agency IS NOT NULL;
DROP INDEX task_queue;
