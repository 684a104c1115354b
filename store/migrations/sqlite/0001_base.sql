-- Moments are integers: microseconds since 1970-01-01 UTC, the same in every database and every session time zone.
-- 9223372036854775807 stands for «no such moment», so that it sorts last and keyset pages need no NULL.
-- Civil days are text (2026-09-28). JSON is text: a database that reformats it would hide what was recorded.

-- +goose Up

-- The event log. ---------------------------------------------------------------------------------------------------

-- One row a case: the lock of an append, and the witness that no event was cut off the end.
CREATE TABLE chains (
    case_number TEXT   NOT NULL PRIMARY KEY,
    head        BIGINT NOT NULL,
    hash        TEXT   NOT NULL
);

CREATE TABLE events (
    case_number TEXT   NOT NULL REFERENCES chains (case_number),
    seq         BIGINT NOT NULL CHECK (seq > 0),
    type        TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    actor       TEXT   NOT NULL,
    command     TEXT   NOT NULL,
    data        TEXT   NOT NULL,
    note        TEXT   NOT NULL,
    fields      TEXT   NOT NULL,
    files       TEXT   NOT NULL,
    prev        TEXT   NOT NULL,
    hash        TEXT   NOT NULL,
    PRIMARY KEY (case_number, seq)
);

-- The feed of what changed. Its ids come from feed.last, whose row stays locked until the commit: they have no gaps
-- and become visible in their order, so a reader that remembers the last id misses nothing.
CREATE TABLE feed (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO feed (id, last) VALUES (1, 0);

CREATE TABLE changes (
    id          BIGINT NOT NULL PRIMARY KEY,
    case_number TEXT   NOT NULL,
    seq         BIGINT NOT NULL,
    type        TEXT   NOT NULL,
    at          BIGINT NOT NULL
);

-- What people sent. ------------------------------------------------------------------------------------------------

CREATE TABLE commands (
    id          TEXT   NOT NULL PRIMARY KEY,
    case_number TEXT   NOT NULL,
    request     TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('pending', 'done', 'refused')),
    joined_seq  BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    code        TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    refusal     TEXT   NOT NULL,
    kept        TEXT   NOT NULL,
    stored      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL
);
CREATE INDEX commands_pending ON commands (state, stored, id);

CREATE TABLE filings (
    case_number TEXT   NOT NULL PRIMARY KEY,
    command     TEXT   NOT NULL UNIQUE REFERENCES commands (id),
    title       TEXT   NOT NULL,
    form        TEXT   NOT NULL,
    form_hash   TEXT   NOT NULL,
    reapplies   TEXT NOT NULL, -- number of the case that is applied for again; empty: none
    files       TEXT   NOT NULL,
    at          BIGINT NOT NULL
);

CREATE INDEX filings_reapplies ON filings (reapplies);

-- Copies that were read after their case had been closed: its record is complete, so this is kept beside it.
CREATE TABLE copy_reads (
    case_number TEXT   NOT NULL,
    copy        TEXT   NOT NULL,
    command     TEXT   NOT NULL REFERENCES commands (id),
    reader      TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (case_number, copy)
);

CREATE TABLE counters (
    district TEXT   NOT NULL,
    prefix   TEXT   NOT NULL,
    year     BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    PRIMARY KEY (district, prefix, year)
);

CREATE TABLE attachments (
    id          TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    type        TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    sha256      TEXT   NOT NULL,
    case_number TEXT   NOT NULL,
    by_user     TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    unit        TEXT   NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX attachments_case ON attachments (case_number, id);

CREATE TABLE drafts (
    user_id TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    unit    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    title   TEXT   NOT NULL,
    form    TEXT   NOT NULL,
    files   TEXT   NOT NULL,
    saved   BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
);

-- Projections: folded from events, dropped and folded again by Rebuild. ----------------------------------------------
-- body is the JSON that a reader gets; the other columns are what lists filter and sort by.

CREATE TABLE cases (
    number     TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    open       BOOLEAN NOT NULL,
    district   TEXT    NOT NULL,
    unit       TEXT    NOT NULL,
    initiator  TEXT    NOT NULL,
    card       TEXT    NOT NULL,
    started_at BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    next_due   BIGINT  NOT NULL,
    search     TEXT    NOT NULL,
    body       TEXT    NOT NULL
);
CREATE INDEX cases_due ON cases (next_due, number);
CREATE INDEX cases_state_due ON cases (state, next_due, number);
CREATE INDEX cases_open_due ON cases (open, next_due, number);
CREATE INDEX cases_started ON cases (started_at, number);
CREATE INDEX cases_changed ON cases (changed_at, number);
CREATE INDEX cases_unit ON cases (unit, next_due, number);
CREATE INDEX cases_initiator ON cases (initiator, open);

-- Every unit and person that ever held a task or a copy of the case, and its initiator: who may see it.
CREATE TABLE case_holders (
    case_number TEXT NOT NULL,
    unit        TEXT NOT NULL,
    role        TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    PRIMARY KEY (case_number, unit, role, user_id)
);
CREATE INDEX case_holders_unit ON case_holders (unit, role, user_id, case_number);
CREATE INDEX case_holders_user ON case_holders (user_id, case_number);

-- The same by place: one row for the path of every unit above a holder of the case, itself included. It follows from
-- case_holders and units, and makes «the cases of a subtree» one range of an index.
CREATE TABLE case_areas (
    path        TEXT NOT NULL,
    case_number TEXT NOT NULL,
    PRIMARY KEY (path, case_number)
);
CREATE INDEX case_areas_case ON case_areas (case_number);

CREATE TABLE tasks (
    id          TEXT    NOT NULL PRIMARY KEY,
    case_number TEXT    NOT NULL,
    opened_seq  BIGINT  NOT NULL,
    state       TEXT    NOT NULL,
    open        BOOLEAN NOT NULL,
    holder_unit TEXT    NOT NULL,
    holder_role TEXT    NOT NULL,
    holder_user TEXT    NOT NULL,
    due         BIGINT  NOT NULL,
    day         TEXT    NOT NULL,
    card        TEXT    NOT NULL,
    closed_at   BIGINT  NOT NULL,
    actor_user  TEXT    NOT NULL,
    actor_for   TEXT    NOT NULL,
    search      TEXT    NOT NULL,
    body        TEXT    NOT NULL
);
CREATE INDEX tasks_case ON tasks (case_number, opened_seq);
CREATE INDEX tasks_post ON tasks (holder_unit, holder_role, holder_user, open, due, id, day, card);
CREATE INDEX tasks_person ON tasks (holder_user, open, due, id, day, card);
CREATE INDEX tasks_open ON tasks (open, card, due, id, case_number);
CREATE INDEX tasks_actor ON tasks (actor_user, closed_at, id);
CREATE INDEX tasks_actor_for ON tasks (actor_for, closed_at, id);

CREATE TABLE copies (
    case_number TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    seq         BIGINT  NOT NULL,
    holder_unit TEXT    NOT NULL,
    holder_role TEXT    NOT NULL,
    holder_user TEXT    NOT NULL,
    unread      BOOLEAN NOT NULL,
    at          BIGINT  NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (case_number, id)
);
CREATE INDEX copies_post ON copies (holder_unit, holder_role, holder_user, unread, at);
CREATE INDEX copies_person ON copies (holder_user, unread, at);

CREATE TABLE stages (
    case_number TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    seq         BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (case_number, id)
);

CREATE TABLE deadlines (
    case_number TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    seq         BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (case_number, id)
);

CREATE TABLE waits (
    case_number TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    seq         BIGINT  NOT NULL,
    open        BOOLEAN NOT NULL,
    until       BIGINT  NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (case_number, id)
);
CREATE INDEX waits_until ON waits (open, until);

-- What cases published, and the lists that were imported (case_number is empty).
-- until_day and objections_day are the last days of the display and of objections; empty: none.
CREATE TABLE notices (
    case_number    TEXT   NOT NULL,
    id             TEXT   NOT NULL,
    seq            BIGINT NOT NULL,
    district       TEXT   NOT NULL,
    version        TEXT   NOT NULL,
    published      BIGINT NOT NULL,
    until_day      TEXT   NOT NULL,
    objections_day TEXT   NOT NULL,
    search         TEXT   NOT NULL,
    body           TEXT   NOT NULL,
    PRIMARY KEY (case_number, id)
);
CREATE INDEX notices_published ON notices (published, id);
CREATE INDEX notices_id ON notices (id);

-- Lists (清单). A version is imported with all its items (case_number is empty), or published by a case as changes.
CREATE TABLE list_versions (
    district    TEXT   NOT NULL,
    year        BIGINT NOT NULL,
    n           BIGINT NOT NULL,
    version     TEXT   NOT NULL,
    base        TEXT   NOT NULL,
    why         TEXT   NOT NULL,
    case_number TEXT   NOT NULL,
    published   BIGINT NOT NULL,
    changes     TEXT   NOT NULL,
    PRIMARY KEY (district, year, n)
);

CREATE TABLE list_items (
    district TEXT   NOT NULL,
    year     BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    position BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (district, year, n, position),
    FOREIGN KEY (district, year, n) REFERENCES list_versions (district, year, n)
);

CREATE TABLE list_allocations (
    id       TEXT   NOT NULL PRIMARY KEY,
    district TEXT   NOT NULL,
    year     BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    version  TEXT   NOT NULL,
    base     TEXT   NOT NULL,
    UNIQUE (district, year, n)
);

-- People. ------------------------------------------------------------------------------------------------------------

CREATE TABLE units (
    code     TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    level    TEXT NOT NULL,
    parent   TEXT NOT NULL,
    path     TEXT NOT NULL UNIQUE,
    district TEXT NOT NULL
);

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    disabled      BOOLEAN NOT NULL,
    password_hash TEXT    NOT NULL
);

-- A post without a user is vacant: the unit has it, nobody holds it.
CREATE TABLE posts (
    id        TEXT NOT NULL PRIMARY KEY,
    user_id   TEXT REFERENCES users (id),
    unit      TEXT NOT NULL REFERENCES units (code),
    role      TEXT NOT NULL,
    role_name TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT NOT NULL
);
CREATE INDEX posts_user ON posts (user_id);
CREATE INDEX posts_unit ON posts (unit, role);
CREATE INDEX posts_role ON posts (role, unit);

CREATE TABLE delegations (
    id        TEXT   NOT NULL PRIMARY KEY,
    from_user TEXT   NOT NULL REFERENCES users (id),
    to_user   TEXT   NOT NULL REFERENCES users (id),
    kinds     TEXT   NOT NULL,
    begin_day TEXT   NOT NULL,
    end_day   TEXT   NOT NULL,
    revoked   BIGINT NOT NULL
);
CREATE INDEX delegations_to ON delegations (to_user);
CREATE INDEX delegations_from ON delegations (from_user);

-- token is the SHA-256 of the session token: a stolen copy of this table opens no session.
CREATE TABLE sessions (
    token  TEXT   NOT NULL PRIMARY KEY,
    data   BLOB   NOT NULL,
    expiry BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

-- Attempts at a password in a row, counted before the password is looked at; name is the digest of an account, or of an
-- account and an address.
CREATE TABLE login_attempts (
    name TEXT   NOT NULL PRIMARY KEY,
    n    BIGINT NOT NULL,
    at   BIGINT NOT NULL
);
CREATE INDEX login_attempts_at ON login_attempts (at);

-- Writes that are not commands, by the key of their request: repeated ones get the first answer.
CREATE TABLE onces (
    user_id  TEXT NOT NULL,
    id       TEXT NOT NULL,
    digest   TEXT NOT NULL,
    done     BOOLEAN NOT NULL,
    answer   BLOB,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX onces_reserved ON onces (reserved);

-- Settings and calendars. ----------------------------------------------------------------------------------------------

CREATE TABLE calendars (
    n       BIGINT NOT NULL PRIMARY KEY,
    version TEXT   NOT NULL,
    tables  TEXT   NOT NULL,
    saved   BIGINT NOT NULL
);
CREATE INDEX calendars_version ON calendars (version, n);

CREATE TABLE settings (
    id    TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
