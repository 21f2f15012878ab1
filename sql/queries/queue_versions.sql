-- A number for each queue (agency $1, role $2 of the same place) that is another as soon as a task comes,
-- goes, is taken or gets another date: a fingerprint of what waits there, below 2^53. Nothing has to
-- be written for it, nothing can be missed, and every gateway finds the same.
-- params: text[] text[]
SELECT q.place::integer,
       (SELECT count(*) # (coalesce(bit_xor(hashint8extended(
                   t.dossier_id, hashint8extended(
                       t.no, hashint8extended(
                           coalesce(t.assignee, 0),
                           hashfloat8extended(date_part('epoch', coalesce(t.due, 'infinity')),
                                              0))))), 0)
                           & 9007199254740991)
        FROM task t WHERE t.state = 'open' AND t.agency = q.agency AND t.role = q.role)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY q (agency, role, place)
