-- Orders the print of a hand-over record as it stands, for whoever may see it.
-- params: bigint bigint
-- one
-- write
SELECT paper_order_v1('handover', 'handover/' || h.id || '/' || h.state, 0, h.agency, $1,
                      jsonb_build_object('handover', h.id))
FROM handover h WHERE h.id = $2 AND handover_visible_v1($1, h)
