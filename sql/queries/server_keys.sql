-- The server's own keys.
SELECT name, key FROM server_key
