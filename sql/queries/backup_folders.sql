-- Where verified backups were put: their folders may be gone.
SELECT DISTINCT folder FROM backup_log WHERE verified
