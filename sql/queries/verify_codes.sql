-- Of these codes the first that no dossier has; no row: all are there.
-- params: text[]
-- one
SELECT code FROM unnest($1::text[]) AS asked(code)
WHERE NOT EXISTS (SELECT FROM dossier d WHERE d.code = asked.code) ORDER BY code LIMIT 1
