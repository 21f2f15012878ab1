-- Files: what is scanned, resumed in parts and shown.
SELECT 1;
