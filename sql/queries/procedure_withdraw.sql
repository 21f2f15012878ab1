-- A version is withdrawn, or offered again ($5); $3 is the reason, $4 who said so.
-- params: text integer text text boolean
-- json
-- write
SELECT procedure_withdraw_v1($1, $2, $3, $4, $5)
