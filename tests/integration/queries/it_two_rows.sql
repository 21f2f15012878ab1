-- one
SELECT generate_series(1, 2)
