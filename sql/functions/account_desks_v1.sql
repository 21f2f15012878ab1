-- The desks whose queues an account may see: its roles that work on tasks, at their agencies, and for
-- a unit head (lãnh đạo phòng chuyên môn) also the officers'. `whole`: for every procedure, else
-- only for those named.
CREATE OR REPLACE FUNCTION account_desks_v1(who bigint)
RETURNS TABLE (agency text, role text, whole boolean, procedures text[])
LANGUAGE sql STABLE AS $$
    SELECT k.agency, k.role, bool_or(k.procedure IS NULL), array_agg(k.procedure)
    FROM (SELECT p.agency, CASE n WHEN 1 THEN p.role ELSE 'officer' END AS role, p.procedure
          FROM account_places_v1(who) p CROSS JOIN generate_series(1, 2) n
          WHERE p.role NOT IN ('auditor', 'admin', 'postal')
            AND (n = 1 OR p.role = 'unit_head')) k
    GROUP BY k.agency, k.role
$$;
