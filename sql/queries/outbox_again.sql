-- Whether a key was used for a decision about the outbox: true with the same request; and whether that
-- row is still as dead as it was then, for the decision is committed before the row moves. $1 account,
-- $2 Idempotency-Key, $3 digest of the request, $4 the row.
-- params: bigint text bytea bigint
SELECT i.body_hash = $3,
       EXISTS (SELECT FROM event e JOIN outbox_retry r ON r.id = $4 AND r.dead_at < e.at
               WHERE e.dossier_id = i.dossier_id AND e.seq = i.seq)
FROM idempotency i WHERE i.account = $1 AND i.key = $2
UNION ALL
SELECT o.request_digest = $3, false FROM outbox_record o WHERE o.account = $1 AND o.request_key = $2
LIMIT 1
