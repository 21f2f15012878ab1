-- What has to leave the house. Append-only, read by (xid, id) from a stored mark and only below the
-- oldest running transaction, so that a row which commits late is never jumped over.

CREATE SEQUENCE outbox_id_seq;
CREATE TABLE outbox (
    id         bigint NOT NULL DEFAULT nextval('outbox_id_seq'),
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    dossier_id bigint NOT NULL,
    channel    text COLLATE "C" NOT NULL,
    topic      text COLLATE "C" NOT NULL,
    key        text COLLATE "C" NOT NULL,
    body       text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX outbox_order ON outbox (xid, id);
CREATE TABLE outbox_p0 PARTITION OF outbox FOR VALUES FROM (0) TO (1000000);
CREATE TABLE outbox_p1 PARTITION OF outbox FOR VALUES FROM (1000000) TO (2000000);

CREATE TABLE outbox_mark (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    xid xid8 NOT NULL,
    id  bigint NOT NULL
);
INSERT INTO outbox_mark (xid, id) VALUES ('0', 0);

-- What is claimed, waits for its next attempt, or is dead. Small: rows leave when delivered.
CREATE TABLE outbox_retry (
    id          bigint PRIMARY KEY,
    dossier_id  bigint NOT NULL,
    channel     text COLLATE "C" NOT NULL,
    topic       text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    body        text NOT NULL,
    created_at  timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL,
    courier     text COLLATE "C",                       -- who works on it
    dead_at     timestamptz,                            -- waits for a person; blocks its lane
    last_error  text
);
CREATE INDEX outbox_retry_lane ON outbox_retry (dossier_id, channel, id);
CREATE INDEX outbox_retry_next ON outbox_retry (next_at) WHERE dead_at IS NULL;

-- A courier that does not renew loses what it claimed.
CREATE TABLE courier_alive (
    courier text COLLATE "C" PRIMARY KEY,
    until   timestamptz NOT NULL
);

-- How far each tracking feed was read.
CREATE TABLE tracking_cursor (
    customer text COLLATE "C" PRIMARY KEY,
    last_id  text COLLATE "C" NOT NULL,
    at       timestamptz NOT NULL
);
