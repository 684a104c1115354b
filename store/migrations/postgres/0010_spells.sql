-- +goose Up

-- How long things took (效能报表): one row for each task that was answered, or closed by its silence, and for each wait that ended.
-- A projection. opened and closed are civil days, counted from 1970-01-01; 9223372036854775807: not closed after all (撤回).
-- Nothing here names a person.
CREATE TABLE spells (
    case_number TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    what        TEXT COLLATE "C" NOT NULL CHECK (what IN ('task', 'wait')),
    kind        TEXT COLLATE "C" NOT NULL,
    stage       TEXT COLLATE "C" NOT NULL, -- of a task
    unit        TEXT COLLATE "C" NOT NULL, -- in whose court the task was; of a wait: that filed the case
    court       TEXT COLLATE "C" NOT NULL, -- of a wait: who was waited for
    opened      BIGINT  NOT NULL,
    closed      BIGINT  NOT NULL,
    dated       BOOLEAN NOT NULL, -- the task had a deadline
    late        BOOLEAN NOT NULL,
    silent      BOOLEAN NOT NULL, -- closed by the clock: nobody answered (逾期未反馈)
    returned    BOOLEAN NOT NULL, -- the answer sent the case back
    card        TEXT COLLATE "C" NOT NULL, -- the worst that the task ever had
    stood       TEXT COLLATE "C" NOT NULL, -- while the clock stood: «20703-20710 20720-20725», in days as above
    PRIMARY KEY (case_number, id)
);
CREATE INDEX spells_closed ON spells (closed, kind);

-- What falls due (期限看板): open tasks in the order of their deadlines, with all that the board counts.
ALTER TABLE tasks ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX tasks_board ON tasks (due, id, day, holder_unit, card, paused) WHERE open;
