-- write
CREATE TABLE IF NOT EXISTS schema_version (
    version    integer PRIMARY KEY,
    file       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
