-- A dossier for the engine, by its id: for the clock and the courier.
-- params: bigint
-- json
SELECT dossier_row_v5($1)
