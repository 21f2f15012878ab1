-- Printed forms kept with the dossier, and registers.
SELECT 1;
