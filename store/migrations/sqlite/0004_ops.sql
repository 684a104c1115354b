-- +goose Up

-- Incidents (运行监控): what keeps work from moving, one row a cause. Beside the event log: nothing here is folded from it.
-- What is not over has no end: ended is 9223372036854775807. place is the order of the list: kinds as they harm, then the oldest.
CREATE TABLE incidents (
    id        TEXT NOT NULL PRIMARY KEY,
    kind      TEXT NOT NULL,
    cause     TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'assigned', 'resolved')),
    live      BOOLEAN NOT NULL CHECK (live = (state <> 'resolved')),
    quiet     BOOLEAN NOT NULL, -- closed by a person while its cause stood
    version   BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    unit      TEXT NOT NULL,
    assignee  TEXT NOT NULL,
    opened    BIGINT NOT NULL,
    seen      BIGINT NOT NULL,
    ended     BIGINT NOT NULL,
    entries   BIGINT NOT NULL, -- lines of its history
    affected  TEXT NOT NULL, -- digest of its cases
    search    TEXT NOT NULL,
    body      TEXT NOT NULL
);
-- Two incidents never stand for one cause at the same time, whatever sweeps run beside each other.
CREATE UNIQUE INDEX incidents_cause ON incidents (kind, cause) WHERE live OR quiet;
CREATE INDEX incidents_kind ON incidents (kind, ended);
CREATE INDEX incidents_live ON incidents (place, id) WHERE live;
CREATE INDEX incidents_place ON incidents (place, id);
CREATE INDEX incidents_ended ON incidents (ended, id);
CREATE INDEX incidents_opened ON incidents (opened);

-- The cases that stand still for a cause, and the task of each, if it is one.
CREATE TABLE incident_cases (
    incident    TEXT NOT NULL REFERENCES incidents (id),
    case_number TEXT NOT NULL,
    task        TEXT NOT NULL,
    PRIMARY KEY (incident, case_number, task)
);
CREATE INDEX incident_cases_case ON incident_cases (case_number, incident);

-- What became of an incident: by a sweep (no user), or by a person.
CREATE TABLE incident_log (
    incident TEXT NOT NULL REFERENCES incidents (id),
    n        BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    by_user  TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    what     TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (incident, n)
);

-- The last run of each detector. Whoever changes incidents of a kind locks its row first.
CREATE TABLE detector_runs (
    kind    TEXT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    took    BIGINT NOT NULL, -- microseconds of the stopwatch
    found   BIGINT NOT NULL,
    error   TEXT NOT NULL,
    last_ok BIGINT NOT NULL  -- 9223372036854775807: never
);

-- Filters of a page that somebody keeps under a name; whoever has the link may open one.
CREATE TABLE saved_views (
    id        TEXT NOT NULL PRIMARY KEY,
    user_id   TEXT NOT NULL,
    user_name TEXT NOT NULL,
    page      TEXT NOT NULL,
    name      TEXT NOT NULL,
    query     TEXT NOT NULL,
    saved     BIGINT NOT NULL
);
CREATE INDEX saved_views_user ON saved_views (user_id, page, name);

-- What detectors ask of the projections, so that their cost does not grow with closed cases.
-- returned: how often two stages of the case sent it back to each other, at most. paused: the clock stands.
ALTER TABLE cases ADD COLUMN returned BIGINT NOT NULL DEFAULT 0;
CREATE INDEX cases_returned ON cases (returned, number) WHERE open AND returned >= 3;
ALTER TABLE deadlines ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX deadlines_paused ON deadlines (case_number) WHERE paused;
CREATE INDEX polls_open ON polls (number) WHERE state = 'open';
