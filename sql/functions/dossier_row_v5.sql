-- One dossier with all that the engine decides on, as JSON whose members are named as in
-- daemon/core/dossier.h. Tasks: the open ones; closed ones are history. Linked: the lead of this one, and
-- its parts, as they stand now, and by what it is decided who may open them.
--
-- In plpgsql because that keeps the plan as long as the connection: a function in SQL is planned at
-- every call, and planning these eleven selects takes eight times as long as running them.
CREATE OR REPLACE FUNCTION dossier_row_v5(wanted bigint) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
RETURN (SELECT row_to_json(whole) FROM (
    SELECT d.id, d.code, d.external_code, d.version, d.decision, d.procedure_id, d.procedure,
           d.case_id, d.agency_helping, d.agency_receiving, d.agency_competent,
           (ARRAY['direct', 'online', 'post'])[d.channel] AS channel, d.delivery, d.state, d.clock,
           d.filed_by, d.owner_account, d.applicant, d.owner, d.on_behalf, d.form, d.delivery_to,
           d.engine, d.submitted_at, d.received_at, d.due_first, d.due_current, d.finished_at,
           d.returned_at, d.ended_at, d.calendar_version, d.last_event_at, d.head_seq,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, step, state, role, agency, coalesce(assignee, 0) AS assignee,
                      (SELECT a.name FROM account a WHERE a.id = assignee) AS assignee_name, epoch,
                      opened_at, closed_at, due, budget_left, grp AS "group", previous
               FROM task WHERE dossier_id = d.id AND state = 'open') x) AS tasks,
           (SELECT coalesce(json_agg(DISTINCT agency), '[]') FROM task
            WHERE dossier_id = d.id
              AND agency NOT IN (d.agency_competent, d.agency_receiving)) AS asked,
           -- Who last held a step's closed task, where he still holds its role there.
           (SELECT coalesce(json_object_agg(x.step, json_build_object(
                       'id', x.assignee,
                       'name', (SELECT a.name FROM account a WHERE a.id = x.assignee))), '{}') FROM (
               SELECT DISTINCT ON (t.step) t.step, t.assignee, t.role, t.agency
               FROM task t
               WHERE t.dossier_id = d.id AND t.state <> 'open' AND t.assignee IS NOT NULL
               ORDER BY t.step, t.no DESC) x
            WHERE EXISTS (SELECT FROM role_grant g JOIN account a ON a.id = g.account
                               JOIN agency top ON top.code = g.agency
                               JOIN agency place ON place.code = x.agency
                          WHERE g.account = x.assignee AND a.disabled_at IS NULL AND g.role = x.role
                            AND (g.agency = x.agency OR g.below AND place.path LIKE top.path || '%')
                            AND g.valid_from <= now()
                            AND (g.valid_to IS NULL OR g.valid_to > now()))) AS holders,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, kind, reason, party, from_at AS "from", to_at AS "to", old_due, new_due
               FROM clock_ledger WHERE dossier_id = d.id) x) AS holds,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT p.no, p.paper, p.upload, p.copies, p.originals, p.certified,
                      encode(f.sha256, 'hex') AS sha256,
                      f.filename, f.type, f.size
               FROM dossier_paper p LEFT JOIN document f ON f.id = p.upload
               WHERE p.dossier_id = d.id) x) AS papers,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, fee, amount, waived, paid_at, receipt, method
               FROM dossier_fee WHERE dossier_id = d.id) x) AS fees,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, intake, requested_at, closed_at, coalesce(by_account, 0) AS by, reason, papers
               FROM supplement WHERE dossier_id = d.id) x) AS supplements,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, code, number, signed_by, signed_at, upload
               FROM result WHERE dossier_id = d.id) x) AS results,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, form, number, issued_at, coalesce(by_account, 0) AS by, content
               FROM form_issued WHERE dossier_id = d.id) x) AS forms,
           (SELECT coalesce(json_agg(x ORDER BY x.no), '[]') FROM (
               SELECT no, direction, state, order_number, item_code, office, created_at, state_at,
                      (SELECT coalesce(json_agg(json_build_object(
                                  'at', e.at, 'state', e.state, 'place', e.place, 'note', e.note)
                                  ORDER BY e.at, e.source_id), '[]')
                       FROM parcel_event e
                       WHERE e.dossier_id = d.id AND e.parcel_no = parcel.no) AS events
               FROM parcel WHERE dossier_id = d.id) x) AS parcels,
           (SELECT coalesce(json_agg(x ORDER BY x.relation, x.no), '[]') FROM (
               SELECT l.relation, l.no, o.code, o.procedure_id, o.procedure, o.state,
                      o.agency_competent AS agency, o.due_current AS due, o.agency_receiving,
                      o.agency_helping, o.filed_by, o.owner_account, o.id_number,
                      o.owner ->> 'id_number' AS owner_id_number,
                      (SELECT coalesce(json_agg(DISTINCT t.agency), '[]') FROM task t
                       WHERE t.dossier_id = o.id) AS asked
               FROM (SELECT 'lead' AS relation, no, lead_id AS other FROM dossier_link
                     WHERE part_id = d.id
                     UNION ALL
                     SELECT 'part', no, part_id FROM dossier_link WHERE lead_id = d.id) l
                    JOIN dossier o ON o.id = l.other) x) AS linked
    FROM dossier d WHERE d.id = wanted
) whole);
END
$$;
