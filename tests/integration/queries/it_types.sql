-- params: bigint integer text boolean timestamptz date bytea jsonb text[] bigint[] numeric uuid
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
