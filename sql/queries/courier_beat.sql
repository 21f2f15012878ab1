-- params: text bigint
-- write
-- repeatable
INSERT INTO courier_alive (courier, until)
VALUES ($1, clock_timestamp() + make_interval(secs => $2 / 1000000.0))
ON CONFLICT (courier) DO UPDATE SET until = excluded.until
