-- One batch of changes, one commit (sql/functions/store_change_batch_v3.sql).
-- params: change_head[] change_dossier[] change_task[] change_ledger[] change_event[] bigint[] change_timer[] change_timer_cancel[] change_outbox[] change_notice[] change_delta[] change_paper[] change_fee[] change_supplement[] change_result[] change_form[] change_parcel[] change_parcel_event[] change_move[]
-- write
SELECT change, outcome, reason, dossier_id, code, version, decision, seq, key_digest
FROM store_change_batch_v3($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                           $17, $18, $19)
