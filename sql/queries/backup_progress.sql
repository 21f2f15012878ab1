-- How far a running base backup is: bytes sent, bytes in all (0: not known yet).
SELECT backup_streamed, coalesce(backup_total, 0) FROM pg_stat_progress_basebackup ORDER BY pid LIMIT 1
