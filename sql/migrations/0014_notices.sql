-- Notices, mail and the webhook.
SELECT 1;
