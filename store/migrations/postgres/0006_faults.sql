-- +goose Up

-- Activities of cases that fail again and again, as their workers note them: the engine lists them nowhere.
CREATE TABLE faults (
    case_number TEXT COLLATE "C" NOT NULL,
    run         TEXT COLLATE "C" NOT NULL,
    activity    TEXT COLLATE "C" NOT NULL, -- id in the run
    type        TEXT COLLATE "C" NOT NULL,
    attempt     BIGINT NOT NULL,
    error       TEXT COLLATE "C" NOT NULL,
    first       BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (case_number, run, activity)
);
