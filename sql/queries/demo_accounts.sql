-- The demonstration's accounts that are not there yet, all with one password. $1 list of {username,
-- name, kind, id_number?, phone?, roles: [{role, agency, below?}]}, $2 argon2id hash. Gives how many
-- are new.
-- params: json text
-- one
-- write
WITH wanted AS (
    SELECT * FROM json_to_recordset($1)
        AS x(username text, name text, kind text, id_number text, phone text, roles json)
), made AS (
    INSERT INTO account (username, name, kind, password_hash, id_number, phone)
    SELECT username, name, kind, $2, id_number, phone FROM wanted
    ON CONFLICT (username) DO NOTHING
    RETURNING id, username
), granted AS (
    INSERT INTO role_grant (account, role, agency, below)
    SELECT m.id, r.role, r.agency, coalesce(r.below, false)
    FROM made m JOIN wanted w USING (username),
         json_to_recordset(coalesce(w.roles, '[]')) AS r(role text, agency text, below boolean)
)
SELECT count(*) FROM made
