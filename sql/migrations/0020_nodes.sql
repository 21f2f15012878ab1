-- A node is told by its host and the number in its data folder (daemon/base/nodename.h), no longer by
-- its host alone. Each says once a minute that it is still there; rows that nobody refreshes go away
-- (config_reading_beat.sql). Those of before have another name: every node records anew when it starts.
DELETE FROM config_reading;
ALTER TABLE config_reading ADD COLUMN seen_at timestamptz NOT NULL DEFAULT clock_timestamp();
