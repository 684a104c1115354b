-- Moments are integers: microseconds since 1970-01-01 UTC, the same in every database and every session time zone.
-- 9223372036854775807 stands for «no such moment», so that it sorts last and keyset pages need no NULL.
-- Civil days are text (2026-09-28). JSON is text: a database that reformats it would hide what was recorded.
-- Text is compared by its bytes (COLLATE "C"), as in SQLite: a prefix is a range and both databases sort alike.

-- +goose Up

-- The event log. ---------------------------------------------------------------------------------------------------

-- One row a case: the lock of an append, and the witness that no event was cut off the end.
CREATE TABLE chains (
    case_number TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    head        BIGINT NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL
);

CREATE TABLE events (
    case_number TEXT COLLATE "C" NOT NULL REFERENCES chains (case_number),
    seq         BIGINT NOT NULL CHECK (seq > 0),
    type        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    actor       TEXT COLLATE "C" NOT NULL,
    command     TEXT COLLATE "C" NOT NULL,
    data        TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C" NOT NULL,
    fields      TEXT COLLATE "C" NOT NULL,
    files       TEXT COLLATE "C" NOT NULL,
    prev        TEXT COLLATE "C" NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL,
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
    case_number TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    type        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL
);

-- What people sent. ------------------------------------------------------------------------------------------------

CREATE TABLE commands (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    case_number TEXT COLLATE "C" NOT NULL,
    request     TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'done', 'refused')),
    joined_seq  BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    code        TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    refusal     TEXT COLLATE "C" NOT NULL,
    kept        TEXT COLLATE "C" NOT NULL,
    stored      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL
);
CREATE INDEX commands_pending ON commands (state, stored, id);

CREATE TABLE filings (
    case_number TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    command     TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES commands (id),
    title       TEXT COLLATE "C" NOT NULL,
    form        TEXT COLLATE "C" NOT NULL,
    form_hash   TEXT COLLATE "C" NOT NULL,
    reapplies   TEXT COLLATE "C" NOT NULL, -- number of the case that is applied for again; empty: none
    files       TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL
);

CREATE INDEX filings_reapplies ON filings (reapplies);

-- Copies that were read after their case had been closed: its record is complete, so this is kept beside it.
CREATE TABLE copy_reads (
    case_number TEXT COLLATE "C" NOT NULL,
    copy        TEXT COLLATE "C" NOT NULL,
    command     TEXT COLLATE "C" NOT NULL REFERENCES commands (id),
    reader      TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (case_number, copy)
);

CREATE TABLE counters (
    district TEXT COLLATE "C" NOT NULL,
    prefix   TEXT COLLATE "C" NOT NULL,
    year     BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    PRIMARY KEY (district, prefix, year)
);

CREATE TABLE attachments (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL,
    type        TEXT COLLATE "C" NOT NULL,
    size        BIGINT NOT NULL,
    sha256      TEXT COLLATE "C" NOT NULL,
    case_number TEXT COLLATE "C" NOT NULL,
    by_user     TEXT COLLATE "C" NOT NULL,
    by_name     TEXT COLLATE "C" NOT NULL,
    unit        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX attachments_case ON attachments (case_number, id);

CREATE TABLE drafts (
    user_id TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    unit    TEXT COLLATE "C" NOT NULL,
    kind    TEXT COLLATE "C" NOT NULL,
    title   TEXT COLLATE "C" NOT NULL,
    form    TEXT COLLATE "C" NOT NULL,
    files   TEXT COLLATE "C" NOT NULL,
    saved   BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
);

-- Projections: folded from events, dropped and folded again by Rebuild. ----------------------------------------------
-- body is the JSON that a reader gets; the other columns are what lists filter and sort by.

CREATE TABLE cases (
    number     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind       TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    open       BOOLEAN NOT NULL,
    district   TEXT COLLATE "C" NOT NULL,
    unit       TEXT COLLATE "C" NOT NULL,
    initiator  TEXT COLLATE "C" NOT NULL,
    card       TEXT COLLATE "C" NOT NULL,
    started_at BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    next_due   BIGINT  NOT NULL,
    search     TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL
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
    case_number TEXT COLLATE "C" NOT NULL,
    unit        TEXT COLLATE "C" NOT NULL,
    role        TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_number, unit, role, user_id)
);
CREATE INDEX case_holders_unit ON case_holders (unit, role, user_id, case_number);
CREATE INDEX case_holders_user ON case_holders (user_id, case_number);

-- The same by place: one row for the path of every unit above a holder of the case, itself included. It follows from
-- case_holders and units, and makes «the cases of a subtree» one range of an index.
CREATE TABLE case_areas (
    path        TEXT COLLATE "C" NOT NULL,
    case_number TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (path, case_number)
);
CREATE INDEX case_areas_case ON case_areas (case_number);

CREATE TABLE tasks (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    case_number TEXT COLLATE "C" NOT NULL,
    opened_seq  BIGINT  NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    open        BOOLEAN NOT NULL,
    holder_unit TEXT COLLATE "C" NOT NULL,
    holder_role TEXT COLLATE "C" NOT NULL,
    holder_user TEXT COLLATE "C" NOT NULL,
    due         BIGINT  NOT NULL,
    day         TEXT COLLATE "C" NOT NULL,
    card        TEXT COLLATE "C" NOT NULL,
    closed_at   BIGINT  NOT NULL,
    actor_user  TEXT COLLATE "C" NOT NULL,
    actor_for   TEXT COLLATE "C" NOT NULL,
    search      TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX tasks_case ON tasks (case_number, opened_seq);
CREATE INDEX tasks_post ON tasks (holder_unit, holder_role, holder_user, open, due, id, day, card);
CREATE INDEX tasks_person ON tasks (holder_user, open, due, id, day, card);
CREATE INDEX tasks_open ON tasks (open, card, due, id, case_number);
CREATE INDEX tasks_actor ON tasks (actor_user, closed_at, id);
CREATE INDEX tasks_actor_for ON tasks (actor_for, closed_at, id);

CREATE TABLE copies (
    case_number TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    seq         BIGINT  NOT NULL,
    holder_unit TEXT COLLATE "C" NOT NULL,
    holder_role TEXT COLLATE "C" NOT NULL,
    holder_user TEXT COLLATE "C" NOT NULL,
    unread      BOOLEAN NOT NULL,
    at          BIGINT  NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_number, id)
);
CREATE INDEX copies_post ON copies (holder_unit, holder_role, holder_user, unread, at);
CREATE INDEX copies_person ON copies (holder_user, unread, at);

CREATE TABLE stages (
    case_number TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_number, id)
);

CREATE TABLE deadlines (
    case_number TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_number, id)
);

CREATE TABLE waits (
    case_number TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    seq         BIGINT  NOT NULL,
    open        BOOLEAN NOT NULL,
    until       BIGINT  NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_number, id)
);
CREATE INDEX waits_until ON waits (open, until);

-- What cases published, and the lists that were imported (case_number is empty).
-- until_day and objections_day are the last days of the display and of objections; empty: none.
CREATE TABLE notices (
    case_number    TEXT COLLATE "C" NOT NULL,
    id             TEXT COLLATE "C" NOT NULL,
    seq            BIGINT NOT NULL,
    district       TEXT COLLATE "C" NOT NULL,
    version        TEXT COLLATE "C" NOT NULL,
    published      BIGINT NOT NULL,
    until_day      TEXT COLLATE "C" NOT NULL,
    objections_day TEXT COLLATE "C" NOT NULL,
    search         TEXT COLLATE "C" NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_number, id)
);
CREATE INDEX notices_published ON notices (published, id);
CREATE INDEX notices_id ON notices (id);

-- Lists (清单). A version is imported with all its items (case_number is empty), or published by a case as changes.
CREATE TABLE list_versions (
    district    TEXT COLLATE "C" NOT NULL,
    year        BIGINT NOT NULL,
    n           BIGINT NOT NULL,
    version     TEXT COLLATE "C" NOT NULL,
    base        TEXT COLLATE "C" NOT NULL,
    why         TEXT COLLATE "C" NOT NULL,
    case_number TEXT COLLATE "C" NOT NULL,
    published   BIGINT NOT NULL,
    changes     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (district, year, n)
);

CREATE TABLE list_items (
    district TEXT COLLATE "C" NOT NULL,
    year     BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    position BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (district, year, n, position),
    FOREIGN KEY (district, year, n) REFERENCES list_versions (district, year, n)
);

CREATE TABLE list_allocations (
    id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    district TEXT COLLATE "C" NOT NULL,
    year     BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    version  TEXT COLLATE "C" NOT NULL,
    base     TEXT COLLATE "C" NOT NULL,
    UNIQUE (district, year, n)
);

-- People. ------------------------------------------------------------------------------------------------------------

CREATE TABLE units (
    code     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name     TEXT COLLATE "C" NOT NULL,
    level    TEXT COLLATE "C" NOT NULL,
    parent   TEXT COLLATE "C" NOT NULL,
    path     TEXT COLLATE "C" NOT NULL UNIQUE,
    district TEXT COLLATE "C" NOT NULL
);

CREATE TABLE users (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL,
    disabled      BOOLEAN NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL
);

-- A post without a user is vacant: the unit has it, nobody holds it.
CREATE TABLE posts (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id   TEXT COLLATE "C" REFERENCES users (id),
    unit      TEXT COLLATE "C" NOT NULL REFERENCES units (code),
    role      TEXT COLLATE "C" NOT NULL,
    role_name TEXT COLLATE "C" NOT NULL,
    from_day  TEXT COLLATE "C" NOT NULL,
    to_day    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX posts_user ON posts (user_id);
CREATE INDEX posts_unit ON posts (unit, role);
CREATE INDEX posts_role ON posts (role, unit);

CREATE TABLE delegations (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    from_user TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    to_user   TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    kinds     TEXT COLLATE "C" NOT NULL,
    begin_day TEXT COLLATE "C" NOT NULL,
    end_day   TEXT COLLATE "C" NOT NULL,
    revoked   BIGINT NOT NULL
);
CREATE INDEX delegations_to ON delegations (to_user);
CREATE INDEX delegations_from ON delegations (from_user);

-- token is the SHA-256 of the session token: a stolen copy of this table opens no session.
CREATE TABLE sessions (
    token  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    data   BYTEA  NOT NULL,
    expiry BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

-- Attempts at a password in a row, counted before the password is looked at; name is the digest of an account, or of an
-- account and an address.
CREATE TABLE login_attempts (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    n    BIGINT NOT NULL,
    at   BIGINT NOT NULL
);
CREATE INDEX login_attempts_at ON login_attempts (at);

-- Writes that are not commands, by the key of their request: repeated ones get the first answer.
CREATE TABLE onces (
    user_id  TEXT COLLATE "C" NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    digest   TEXT COLLATE "C" NOT NULL,
    done     BOOLEAN NOT NULL,
    answer   BYTEA,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX onces_reserved ON onces (reserved);

-- Settings and calendars. ----------------------------------------------------------------------------------------------

CREATE TABLE calendars (
    n       BIGINT NOT NULL PRIMARY KEY,
    version TEXT COLLATE "C" NOT NULL,
    tables  TEXT COLLATE "C" NOT NULL,
    saved   BIGINT NOT NULL
);
CREATE INDEX calendars_version ON calendars (version, n);

CREATE TABLE settings (
    id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);
