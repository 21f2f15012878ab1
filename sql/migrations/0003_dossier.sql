-- The dossier and all that belongs to it. Child rows are numbered within their dossier by the engine,
-- so that a change is decided whole before it is saved.

CREATE SEQUENCE dossier_id_seq;

CREATE TABLE dossier (
    id               bigint PRIMARY KEY,
    code             text COLLATE "C" NOT NULL UNIQUE,
    external_code    text COLLATE "C" UNIQUE,
    version          bigint NOT NULL,                  -- of the row: every saved change adds one
    decision         bigint NOT NULL,                  -- the ETag: moves with tasks, form, due, state
    procedure_id     bigint NOT NULL,                  -- procedure_version.id
    procedure        text COLLATE "C" NOT NULL,
    case_id          text COLLATE "C",
    agency_helping   text COLLATE "C",
    agency_receiving text COLLATE "C" NOT NULL,
    agency_competent text COLLATE "C" NOT NULL,
    channel          smallint NOT NULL,                -- 1 direct, 2 online, 3 post
    delivery         text NOT NULL,
    state            text COLLATE "C" NOT NULL,
    clock            text COLLATE "C" NOT NULL,
    filed_by         bigint NOT NULL,
    owner_account    bigint,
    applicant        jsonb NOT NULL,
    owner            jsonb,                            -- null: the applicant
    on_behalf        text NOT NULL,
    name_folded      text COLLATE "C" NOT NULL,        -- applicant's and owner's names without marks
    phone            text COLLATE "C",
    id_number        text COLLATE "C",                 -- applicant's
    form             jsonb NOT NULL,
    delivery_to      jsonb,
    engine           jsonb NOT NULL,                   -- visits, budgets, counters: the engine's own
    submitted_at     timestamptz NOT NULL,
    received_at      timestamptz,
    due_first        timestamptz,
    due_current      timestamptz,
    finished_at      timestamptz,
    returned_at      timestamptz,
    ended_at         timestamptz,
    calendar_version integer NOT NULL,
    last_event_at    timestamptz NOT NULL,
    head_seq         bigint NOT NULL,
    head_hash        bytea NOT NULL,
    CHECK (finished_at IS NULL OR due_first IS NULL OR due_current IS NOT NULL)
) WITH (fillfactor = 85);
CREATE INDEX dossier_competent ON dossier (agency_competent, id);
CREATE INDEX dossier_receiving ON dossier (agency_receiving, id) WHERE agency_receiving <> agency_competent;
CREATE INDEX dossier_filed_by ON dossier (filed_by, id);
CREATE INDEX dossier_owner ON dossier (owner_account, id) WHERE owner_account IS NOT NULL;
CREATE INDEX dossier_phone ON dossier (phone) WHERE phone IS NOT NULL;
CREATE INDEX dossier_id_number ON dossier (id_number) WHERE id_number IS NOT NULL;

-- One row per agency and day; a batch takes a range.
CREATE TABLE code_counter (
    agency text COLLATE "C" NOT NULL,
    day    date NOT NULL,
    last   integer NOT NULL,
    PRIMARY KEY (agency, day)
) WITH (fillfactor = 50);

-- The first outcome of each key, for as long as its dossier exists.
CREATE TABLE idempotency (
    account    bigint NOT NULL,
    key        text COLLATE "C" NOT NULL,
    body_hash  bytea NOT NULL,
    dossier_id bigint NOT NULL,
    seq        bigint NOT NULL,                        -- last event of that change
    PRIMARY KEY (account, key)
);

CREATE TABLE task (
    dossier_id  bigint NOT NULL,
    no          integer NOT NULL,
    step        text COLLATE "C" NOT NULL,
    name        text NOT NULL,                         -- of the step, Vietnamese
    state       text COLLATE "C" NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    role        text COLLATE "C",                      -- null while waiting for a party
    agency      text COLLATE "C",
    assignee    bigint,
    epoch       integer NOT NULL,
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz,
    due         timestamptz,
    budget_left bigint NOT NULL,
    grp         integer NOT NULL,
    previous    text COLLATE "C",
    PRIMARY KEY (dossier_id, no)
) WITH (fillfactor = 85);
CREATE INDEX task_queue ON task (agency, role, due) WHERE state = 'open' AND agency IS NOT NULL;
CREATE INDEX task_assignee ON task (assignee, due) WHERE state = 'open' AND assignee IS NOT NULL;

CREATE TABLE clock_ledger (
    dossier_id bigint NOT NULL,
    no         integer NOT NULL,
    kind       text COLLATE "C" NOT NULL,              -- hold, restart, appointment, calendar
    reason     text COLLATE "C" NOT NULL,
    party      text COLLATE "C" NOT NULL CHECK (party IN ('citizen', 'office', 'other_agency', 'post')),
    from_at    timestamptz NOT NULL,
    to_at      timestamptz,
    old_due    timestamptz,
    new_due    timestamptz,
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE timer (
    dossier_id bigint NOT NULL,
    scope      integer NOT NULL,                       -- task number, 0 = the total limit
    epoch      integer NOT NULL,
    rung       integer NOT NULL,                       -- -1 = the timeout
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('warn', 'timeout')),
    fire_at    timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, scope, epoch, rung)
);
CREATE INDEX timer_fire_at ON timer (fire_at);

-- The insert is the claim: a rung fires once.
CREATE TABLE timer_fire (
    dossier_id bigint NOT NULL,
    scope      integer NOT NULL,
    epoch      integer NOT NULL,
    rung       integer NOT NULL,
    fired_at   timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, scope, epoch, rung)
);

-- Append-only. body is text exactly as hashed; hash = SHA-256 over
-- 'dvc1' LF code LF seq LF previous hash LF body (hashes in lower-case hexadecimal).
CREATE TABLE event (
    dossier_id bigint NOT NULL,
    seq        bigint NOT NULL,
    at         timestamptz NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    actor      bigint,
    role       text COLLATE "C",
    body       text NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (dossier_id, seq)
) PARTITION BY RANGE (dossier_id);
CREATE TABLE event_p0 PARTITION OF event FOR VALUES FROM (0) TO (1000000);
CREATE TABLE event_p1 PARTITION OF event FOR VALUES FROM (1000000) TO (2000000);

CREATE TABLE dossier_paper (
    dossier_id bigint NOT NULL,
    no         integer NOT NULL,
    paper      text COLLATE "C" NOT NULL,
    upload     text COLLATE "C",                       -- document.id
    copies     integer NOT NULL,
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE dossier_fee (
    dossier_id bigint NOT NULL,
    no         integer NOT NULL,
    fee        text COLLATE "C" NOT NULL,
    amount     bigint NOT NULL,
    waived     boolean NOT NULL,
    paid_at    timestamptz,
    receipt    text,
    method     text COLLATE "C",
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE supplement (
    dossier_id   bigint NOT NULL,
    no           integer NOT NULL,
    intake       boolean NOT NULL,
    requested_at timestamptz NOT NULL,
    closed_at    timestamptz,
    by_account   bigint,
    reason       text,
    papers       jsonb,
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE result (
    dossier_id bigint NOT NULL,
    no         integer NOT NULL,
    code       text COLLATE "C" NOT NULL,
    number     text,
    signed_by  text,
    signed_at  timestamptz,
    upload     text COLLATE "C",
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE form_issued (
    dossier_id bigint NOT NULL,
    no         integer NOT NULL,
    form       text COLLATE "C" NOT NULL,
    number     text NOT NULL,
    issued_at  timestamptz NOT NULL,
    by_account bigint,
    content    jsonb,
    PRIMARY KEY (dossier_id, no)
);

-- Free text that people wrote beside an event: erasable without breaking a chain.
CREATE TABLE event_note (
    dossier_id bigint NOT NULL,
    seq        bigint NOT NULL,
    reason     text,
    note       text,
    PRIMARY KEY (dossier_id, seq)
);

CREATE TABLE parcel (
    dossier_id   bigint NOT NULL,
    no           integer NOT NULL,
    direction    text COLLATE "C" NOT NULL CHECK (direction IN ('collect', 'return')),
    state        text COLLATE "C" NOT NULL,
    order_number text COLLATE "C" NOT NULL UNIQUE,
    item_code    text COLLATE "C",
    office       text COLLATE "C",
    created_at   timestamptz NOT NULL,
    state_at     timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, no)
);
CREATE INDEX parcel_office ON parcel (office, state) WHERE office IS NOT NULL;

CREATE TABLE parcel_event (
    dossier_id  bigint NOT NULL,
    parcel_no   integer NOT NULL,
    source_id   text COLLATE "C" NOT NULL,
    at          timestamptz NOT NULL,
    state       text COLLATE "C" NOT NULL,
    moves       boolean NOT NULL,
    status_code integer NOT NULL,
    place       text,
    note        text,
    PRIMARY KEY (dossier_id, parcel_no, source_id)
);

CREATE TABLE document (
    id         text COLLATE "C" PRIMARY KEY,           -- UUIDv7
    account    bigint NOT NULL,
    sha256     bytea NOT NULL,
    size       bigint NOT NULL,
    type       text NOT NULL,
    filename   text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    used       boolean NOT NULL DEFAULT false
);
CREATE INDEX document_unused ON document (created_at) WHERE NOT used;

CREATE TABLE blob (
    sha256 bytea NOT NULL,
    part   integer NOT NULL,                            -- 256 KiB each
    data   bytea NOT NULL,
    PRIMARY KEY (sha256, part)
);

CREATE TABLE notice (
    id         bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    account    bigint,
    role       text COLLATE "C",
    agency     text COLLATE "C",
    kind       text COLLATE "C" NOT NULL,
    dossier_id bigint NOT NULL,
    body       text NOT NULL,
    at         timestamptz NOT NULL,
    CHECK (account IS NOT NULL OR (role IS NOT NULL AND agency IS NOT NULL))
);
CREATE INDEX notice_account ON notice (account, id) WHERE account IS NOT NULL;
CREATE INDEX notice_place ON notice (agency, role, id) WHERE account IS NULL;

-- Failed look-ups with a PIN, per dossier.
CREATE TABLE pin_failure (
    dossier_id bigint PRIMARY KEY,
    count      integer NOT NULL,
    until      timestamptz
);
