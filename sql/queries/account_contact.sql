-- What the caller changed of his contact data: members of $2 that are there, null empties. The event
-- says which, not what.
-- params: bigint json
-- one
-- write
-- repeatable
WITH changed AS (
    UPDATE account
    SET phone = CASE WHEN $2::jsonb ? 'phone' THEN $2 ->> 'phone' ELSE phone END,
        email = CASE WHEN $2::jsonb ? 'email' THEN $2 ->> 'email' ELSE email END,
        mail_notices = coalesce(($2 ->> 'mail_notices')::boolean, mail_notices)
    WHERE id = $1
    RETURNING id
)
INSERT INTO account_event (actor, account, kind, body)
SELECT id, id, 'contact', jsonb_build_object('changed',
       (SELECT coalesce(jsonb_agg(k), '[]') FROM jsonb_object_keys($2::jsonb) k))
FROM changed
RETURNING id
