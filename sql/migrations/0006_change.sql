-- Row types of a change batch: one array parameter of each goes into store_change_batch_v1. Every row
-- names its change by its place in the batch (change); the engine has numbered all else.

CREATE TYPE change_head AS (
    change        integer,
    dossier_id    bigint,       -- 0: creates
    version       bigint,       -- the row's version that the decision was made on
    account       bigint,       -- idempotency; 0: none asked
    key           text,
    body_hash     bytea,
    code_agency   text,         -- creates: prefix of the code
    code_day      date,
    decision      bigint,
    state         text,
    clock         text,
    engine        text,         -- JSON
    submitted_at  timestamptz,  -- moves when the post hands a collected dossier over
    received_at   timestamptz,
    due_first     timestamptz,
    due_current   timestamptz,
    finished_at   timestamptz,
    returned_at   timestamptz,
    ended_at      timestamptz,
    calendar_version integer,
    last_event_at timestamptz,
    delivery      text,
    fire_scope    integer,      -- null: claims no rung
    fire_epoch    integer,
    fire_rung     integer,
    settles_outbox bigint      -- deletes that row of outbox_retry; null: none
);

-- What is written once, at creation.
CREATE TYPE change_dossier AS (
    change           integer,
    external_code    text,
    procedure_id     bigint,
    procedure        text,
    case_id          text,
    agency_helping   text,
    agency_receiving text,
    agency_competent text,
    channel          smallint,
    filed_by         bigint,
    owner_account    bigint,
    id_number_owner  text,      -- looked up for owner_account when that is null
    applicant        text,      -- JSON
    owner            text,      -- JSON or null
    on_behalf        text,
    name_folded      text,
    phone            text,
    id_number        text,
    form             text,      -- JSON
    delivery_to      text       -- JSON or null
);

CREATE TYPE change_task AS (
    change integer, no integer, step text, name text, state text, role text, agency text,
    assignee bigint, epoch integer, opened_at timestamptz, closed_at timestamptz, due timestamptz,
    budget_left bigint, grp integer, previous text
);
CREATE TYPE change_ledger AS (
    change integer, no integer, kind text, reason text, party text, from_at timestamptz,
    to_at timestamptz, old_due timestamptz, new_due timestamptz
);
CREATE TYPE change_event AS (
    change integer, ordinal integer, at timestamptz, kind text, actor bigint, role text, body text,
    reason text, note text
);
CREATE TYPE change_timer AS (
    change integer, scope integer, epoch integer, rung integer, kind text, fire_at timestamptz
);
CREATE TYPE change_timer_cancel AS (change integer, scope integer, epoch integer);
CREATE TYPE change_outbox AS (
    change integer, channel text, topic text, key text, body text
);
CREATE TYPE change_notice AS (
    change integer, account bigint, role text, agency text, kind text, body text
);
CREATE TYPE change_delta AS (
    change integer, day date, agency text, procedure text, channel smallint, measure text,
    due_day date, count integer
);
CREATE TYPE change_paper AS (change integer, no integer, paper text, upload text, copies integer);
CREATE TYPE change_fee AS (
    change integer, no integer, fee text, amount bigint, waived boolean, paid_at timestamptz,
    receipt text, method text
);
CREATE TYPE change_supplement AS (
    change integer, no integer, intake boolean, requested_at timestamptz, closed_at timestamptz,
    by_account bigint, reason text, papers text
);
CREATE TYPE change_result AS (
    change integer, no integer, code text, number text, signed_by text, signed_at timestamptz,
    upload text
);
CREATE TYPE change_form AS (
    change integer, no integer, form text, number text, issued_at timestamptz, by_account bigint,
    content text
);
CREATE TYPE change_parcel AS (
    change integer, no integer, direction text, state text, order_number text, item_code text,
    office text, created_at timestamptz, state_at timestamptz
);
CREATE TYPE change_parcel_event AS (
    change integer, parcel_no integer, source_id text, at timestamptz, state text, moves boolean,
    status_code integer, place text, note text
);

-- One row per change comes back, in the order of the batch. For a duplicate key_digest is that of the
-- body first sent, and seq its last event.
CREATE TYPE change_result_row AS (
    change     integer,
    outcome    text,            -- applied, duplicate, stale, fired, refused
    reason     text,            -- refused: external_code_taken, upload_unknown
    dossier_id bigint,
    code       text,
    version    bigint,
    decision   bigint,
    seq        bigint,
    key_digest bytea
);
