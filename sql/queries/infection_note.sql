-- What the scanner refused: account, digest, size, type, name of the signature.
-- params: bigint bytea bigint text text
-- one
-- write
INSERT INTO infection (account, sha256, size, type, signature) VALUES ($1, $2, $3, $4, $5)
RETURNING id
