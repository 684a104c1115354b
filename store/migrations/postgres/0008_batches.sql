-- +goose Up

-- One cure for many cases (批量处置). area is the path of the units that its maker watches over: whoever watches over it sees it.
CREATE TABLE batches (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    area    TEXT COLLATE "C" NOT NULL,
    state   TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'done')),
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX batches_at ON batches (at, id);
CREATE INDEX batches_running ON batches (id) WHERE state = 'running';

-- Its cases, settled when it is made, each with what would happen to it and what did.
CREATE TABLE batch_items (
    batch       TEXT COLLATE "C" NOT NULL REFERENCES batches (id),
    n           BIGINT NOT NULL,
    case_number TEXT COLLATE "C" NOT NULL,
    task        TEXT COLLATE "C" NOT NULL,
    title       TEXT COLLATE "C" NOT NULL,
    place       TEXT COLLATE "C" NOT NULL, -- the tasks that were open
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('planned', 'sent', 'done', 'skipped', 'failed')),
    plan        TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (batch, n),
    UNIQUE (batch, case_number, task)
);
CREATE INDEX batch_items_state ON batch_items (batch, state, at, n);
