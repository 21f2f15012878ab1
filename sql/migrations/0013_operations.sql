-- What the administrator is told: errors of the configuration, backups.
SELECT 1;
