-- +goose Up

-- Cures that wait for a second person.
CREATE TABLE proposals (
    id       TEXT NOT NULL PRIMARY KEY,
    incident TEXT NOT NULL REFERENCES incidents (id),
    state    TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'declined')),
    by_user  TEXT NOT NULL,
    second   TEXT NOT NULL CHECK (second <> by_user),
    at       BIGINT NOT NULL,
    body     TEXT NOT NULL,
    request  TEXT NOT NULL
);
CREATE INDEX proposals_state ON proposals (state, at, id);
