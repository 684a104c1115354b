-- +goose Up

-- Activities of cases that fail again and again, as their workers note them: the engine lists them nowhere.
CREATE TABLE faults (
    case_number TEXT NOT NULL,
    run         TEXT NOT NULL,
    activity    TEXT NOT NULL, -- id in the run
    type        TEXT NOT NULL,
    attempt     BIGINT NOT NULL,
    error       TEXT NOT NULL,
    first       BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (case_number, run, activity)
);
