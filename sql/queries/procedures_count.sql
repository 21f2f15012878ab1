-- How many versions of procedures are published.
-- params:
-- one
SELECT count(*) FROM procedure_version
