-- +goose Up

-- Cures that wait for a second person.
CREATE TABLE proposals (
    id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    incident TEXT COLLATE "C" NOT NULL REFERENCES incidents (id),
    state    TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'confirmed', 'declined')),
    by_user  TEXT COLLATE "C" NOT NULL,
    second   TEXT COLLATE "C" NOT NULL CHECK (second <> by_user),
    at       BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    request  TEXT COLLATE "C" NOT NULL
);
CREATE INDEX proposals_state ON proposals (state, at, id);
