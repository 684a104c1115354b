-- Votes: the path beside the engine. Nothing here is a projection of the event log, and nothing here passes through a workflow.

-- +goose Up

-- One row a poll. Whoever writes anything of a poll locks this row first: the order of leaves is the order of acceptance, and no
-- ballot is between the last look at the clock and the close.
CREATE TABLE polls (
    number    TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- of the case
    district  TEXT COLLATE "C" NOT NULL,
    unit      TEXT COLLATE "C" NOT NULL,
    terms     TEXT COLLATE "C" NOT NULL,
    prepared  BIGINT  NOT NULL,
    state     TEXT COLLATE "C" NOT NULL CHECK (state IN ('preparing', 'open', 'closed', 'counted', 'final', 'void')),
    roll      BIGINT  NOT NULL, -- newest version; 0: none
    frozen    BOOLEAN NOT NULL,
    opens     BIGINT  NOT NULL,
    closes    BIGINT  NOT NULL,
    extended  BIGINT  NOT NULL,
    heads     BIGINT  NOT NULL, -- of the frozen roll, like area and voters
    area      BIGINT  NOT NULL, -- 0.01 m²
    voters    BIGINT  NOT NULL,
    leaves    BIGINT  NOT NULL,
    ballots   BIGINT  NOT NULL, -- leaves that are ballots
    web       BIGINT  NOT NULL, -- ballots that count, by channel
    paper     BIGINT  NOT NULL,
    door      BIGINT  NOT NULL,
    last_at   BIGINT  NOT NULL, -- case time of the last leaf: the next one is not earlier
    result    TEXT COLLATE "C" NOT NULL,
    certified TEXT COLLATE "C" NOT NULL
);
CREATE INDEX polls_unit ON polls (unit, prepared, number);
CREATE INDEX polls_prepared ON polls (prepared, number);

-- Versions of a roll (清册). A correction is a new version.
CREATE TABLE poll_rolls (
    poll        TEXT COLLATE "C" NOT NULL REFERENCES polls (number),
    version     BIGINT NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    lines       BIGINT NOT NULL,
    voters      BIGINT NOT NULL,
    heads       BIGINT NOT NULL,
    area        BIGINT NOT NULL,
    excluded    BIGINT NOT NULL,
    why         TEXT COLLATE "C" NOT NULL,
    by_name     TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (poll, version)
);

CREATE TABLE poll_lines (
    poll    TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    code    TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll, version, code)
);

-- One row a voter of the frozen roll, with the one ballot of that voter that counts: whatever the channel, there is no second
-- place to count one from.
CREATE TABLE poll_voters (
    poll      TEXT COLLATE "C" NOT NULL,
    no        TEXT COLLATE "C" NOT NULL,
    pseudonym TEXT COLLATE "C" NOT NULL,
    masked    TEXT COLLATE "C" NOT NULL,
    building  TEXT COLLATE "C" NOT NULL,
    heads     BIGINT  NOT NULL,
    area      BIGINT  NOT NULL,
    code_hash TEXT COLLATE "C" NOT NULL, -- empty: the voter has no personal code
    choice    TEXT COLLATE "C" NOT NULL CHECK (choice IN ('', 'yes', 'no', 'abstain')),
    channel   TEXT COLLATE "C" NOT NULL CHECK (channel IN ('', 'web', 'paper', 'door')),
    n         BIGINT  NOT NULL, -- which of the voter's ballots
    leaf      BIGINT  NOT NULL, -- its place in the ledger; -1: none
    proxy     TEXT COLLATE "C" NOT NULL, -- who cast it for the voter
    signed    BOOLEAN NOT NULL,
    PRIMARY KEY (poll, no),
    CHECK ((n = 0) = (choice = '') AND (n = 0) = (channel = '') AND (n = 0) = (leaf < 0))
) WITH (fillfactor = 50); -- room for the ballot: a row that stays on its page changes no index
CREATE INDEX poll_voters_building ON poll_voters (poll, building, no);
CREATE UNIQUE INDEX poll_voters_code ON poll_voters (code_hash) WHERE code_hash <> '';
CREATE INDEX poll_voters_proxy ON poll_voters (poll, proxy) WHERE proxy <> '';

-- Who the voters are. Counting, casting and the public roll never read it.
CREATE TABLE poll_persons (
    poll   TEXT COLLATE "C" NOT NULL,
    no     TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    body   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll, no)
);

-- The ledger. Rows are added, never changed. The closing leaf has no voter and no request, so there is at most one.
-- Without a foreign key: its rows are only written by whoever holds the lock of their poll.
CREATE TABLE poll_leaves (
    poll         TEXT COLLATE "C" NOT NULL,
    idx          BIGINT NOT NULL CHECK (idx >= 0),
    kind         TEXT COLLATE "C" NOT NULL CHECK (kind IN ('ballot', 'close')),
    request      TEXT COLLATE "C" NOT NULL,
    voter        TEXT COLLATE "C" NOT NULL,
    n            BIGINT NOT NULL,
    choice       TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    at           BIGINT NOT NULL,
    text         TEXT COLLATE "C" NOT NULL,
    tracker      TEXT COLLATE "C" NOT NULL,
    by_actor     TEXT COLLATE "C" NOT NULL,
    second_actor TEXT COLLATE "C" NOT NULL,
    proxy        TEXT COLLATE "C" NOT NULL,
    signed_list  TEXT COLLATE "C" NOT NULL,
    files        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll, idx),
    UNIQUE (poll, request),
    UNIQUE (poll, voter, n),
    CHECK ((kind = 'close') = (voter = '') AND (kind = 'close') = (request = '') AND (kind = 'close') = (n = 0))
);
CREATE INDEX poll_leaves_tracker ON poll_leaves (poll, tracker);

-- Running sums of the ballots that count, one row a building, changed by each ballot's transaction: the live view never looks at
-- ballots. roll: all voters; signed: signed for a ballot sheet, and no ballot.
CREATE TABLE poll_sums (
    poll           TEXT COLLATE "C" NOT NULL,
    building       TEXT COLLATE "C" NOT NULL,
    roll_voters    BIGINT NOT NULL CHECK (roll_voters >= 0),
    roll_heads     BIGINT NOT NULL CHECK (roll_heads >= 0),
    roll_area      BIGINT NOT NULL CHECK (roll_area >= 0),
    yes_voters     BIGINT NOT NULL CHECK (yes_voters >= 0),
    yes_heads      BIGINT NOT NULL CHECK (yes_heads >= 0),
    yes_area       BIGINT NOT NULL CHECK (yes_area >= 0),
    no_voters      BIGINT NOT NULL CHECK (no_voters >= 0),
    no_heads       BIGINT NOT NULL CHECK (no_heads >= 0),
    no_area        BIGINT NOT NULL CHECK (no_area >= 0),
    abstain_voters BIGINT NOT NULL CHECK (abstain_voters >= 0),
    abstain_heads  BIGINT NOT NULL CHECK (abstain_heads >= 0),
    abstain_area   BIGINT NOT NULL CHECK (abstain_area >= 0),
    signed_voters  BIGINT NOT NULL CHECK (signed_voters >= 0),
    signed_heads   BIGINT NOT NULL CHECK (signed_heads >= 0),
    signed_area    BIGINT NOT NULL CHECK (signed_area >= 0),
    PRIMARY KEY (poll, building)
);

-- Paper ballots as they are entered, twice.
CREATE TABLE poll_sheets (
    poll  TEXT COLLATE "C" NOT NULL REFERENCES polls (number),
    voter TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('once', 'different', 'counted')),
    body  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll, voter)
);

CREATE TABLE poll_objections (
    poll     TEXT COLLATE "C" NOT NULL REFERENCES polls (number),
    id       TEXT COLLATE "C" NOT NULL,
    n        BIGINT  NOT NULL,
    about    TEXT COLLATE "C" NOT NULL CHECK (about IN ('roll', 'result')),
    answered BOOLEAN NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll, id),
    UNIQUE (poll, n)
);

CREATE TABLE poll_checkpoints (
    poll TEXT COLLATE "C" NOT NULL REFERENCES polls (number),
    size BIGINT NOT NULL,
    root TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    at   BIGINT NOT NULL,
    PRIMARY KEY (poll, size)
);

-- Letters with personal codes, each run one row: whoever holds a code can vote with it.
CREATE TABLE poll_letters (
    poll      TEXT COLLATE "C" NOT NULL REFERENCES polls (number),
    n         BIGINT NOT NULL,
    by_user   TEXT COLLATE "C" NOT NULL,
    by_name   TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    building  TEXT COLLATE "C" NOT NULL,
    silent    BOOLEAN NOT NULL,
    first_no  TEXT COLLATE "C" NOT NULL,
    last_no   TEXT COLLATE "C" NOT NULL,
    letters   BIGINT NOT NULL,
    PRIMARY KEY (poll, n)
);

-- Belongs to a ballot: it shows how somebody voted.
ALTER TABLE attachments ADD COLUMN ballot BOOLEAN NOT NULL DEFAULT FALSE;
