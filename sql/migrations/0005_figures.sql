-- Statistics: each change adds delta rows, the clock folds them. A read takes both in one snapshot.

CREATE TABLE stat_delta (
    day       date NOT NULL,
    agency    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    channel   smallint NOT NULL,
    measure   text COLLATE "C" NOT NULL,
    due_day   date NOT NULL,                            -- 'infinity': no due date
    count     integer NOT NULL
);

CREATE TABLE stat_fold (
    day       date NOT NULL,
    agency    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    channel   smallint NOT NULL,
    measure   text COLLATE "C" NOT NULL,
    due_day   date NOT NULL,
    count     bigint NOT NULL,
    PRIMARY KEY (agency, procedure, channel, measure, day, due_day)
);
CREATE INDEX stat_fold_day ON stat_fold (measure, day);
