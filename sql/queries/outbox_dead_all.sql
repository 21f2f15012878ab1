-- Dead letters of the whole house, oldest first, for dvcctl.
-- params: integer
SELECT r.id, coalesce(d.code, '-'), r.channel, r.topic, r.attempts,
       to_char(r.dead_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI'),
       coalesce(r.last_error, '')
FROM outbox_retry r LEFT JOIN dossier d ON d.id = r.dossier_id
WHERE r.dead_at IS NOT NULL ORDER BY r.id LIMIT $1
