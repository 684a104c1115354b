-- +goose Up

-- A unit out of use takes nothing new; what runs goes on.
ALTER TABLE units ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
