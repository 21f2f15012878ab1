-- A dossier for the engine, by its code or the portal's. Rights: the caller decides with core/access.
-- params: text
-- json
SELECT dossier_row_v5(d.id)
FROM dossier d
WHERE d.id = coalesce((SELECT id FROM dossier WHERE code = $1),
                      (SELECT id FROM dossier WHERE external_code = $1))
