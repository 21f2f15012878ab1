-- One record for whoever may see it; $3 names of a parcel's states.
-- params: bigint bigint json
-- json
SELECT handover_json_v1(h, $3) FROM handover h WHERE h.id = $2 AND handover_visible_v1($1, h)
