-- Messages and deliveries (通知). They are no projections: what was sent stays sent, and a rebuild writes none.

-- +goose Up

-- One row for each event and each holder who is told of it, written in the transaction that records the event.
CREATE TABLE outbox (
    source      TEXT COLLATE "C" NOT NULL, -- the event, «XW-ZR-2026-014.7», or what else caused it
    unit        TEXT COLLATE "C" NOT NULL,
    role        TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    case_number TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL, -- case time
    fanned      BIGINT NOT NULL, -- engine time at which its deliveries were made; 9223372036854775807: not yet
    told        BIGINT NOT NULL, -- how many persons; 0: nobody holds the post
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, unit, role, user_id)
);
CREATE INDEX outbox_pending ON outbox (at, source) WHERE fanned = 9223372036854775807;
CREATE INDEX outbox_nobody ON outbox (at) WHERE told = 0 AND fanned < 9223372036854775807;

-- The lock of a fan-out, and the number of the newest delivery: numbers become visible in order.
CREATE TABLE outbox_head (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL,
    ran  BIGINT NOT NULL -- engine time of the last fan-out
);
INSERT INTO outbox_head (id, last, ran) VALUES (1, 0, 0);

-- One row for each person and channel.
CREATE TABLE deliveries (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- from source, person and channel: nobody is told twice
    n           BIGINT  NOT NULL UNIQUE,
    source      TEXT COLLATE "C" NOT NULL, -- of its message
    case_number TEXT COLLATE "C" NOT NULL,
    task        TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    channel     TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'read', 'dropped')),
    digest      BOOLEAN NOT NULL,
    at          BIGINT  NOT NULL, -- case time of the message
    held        BIGINT  NOT NULL, -- case time before which it is not sent
    next_at     BIGINT  NOT NULL, -- engine time before which it is not sent; of one being sent: when its sender is given up
    claim       TEXT COLLATE "C" NOT NULL, -- the sender that has it
    attempts    BIGINT  NOT NULL,
    began       BIGINT  NOT NULL, -- engine time of the first attempt
    sent_at     BIGINT  NOT NULL, -- case time
    read_at     BIGINT  NOT NULL, -- case time
    reason      TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX deliveries_queue ON deliveries (held, n) WHERE state IN ('queued', 'sending');
CREATE INDEX deliveries_mine ON deliveries (user_id, n) WHERE channel = 'inapp';
CREATE INDEX deliveries_unread ON deliveries (user_id, n) WHERE channel = 'inapp' AND state = 'sent';
CREATE INDEX deliveries_case ON deliveries (case_number, n);
CREATE INDEX deliveries_failed ON deliveries (n) WHERE state = 'failed';

-- How a person wants to be told. Whoever has no row has chosen nothing.
CREATE TABLE notify_choices (
    user_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES users (id),
    body    TEXT COLLATE "C" NOT NULL
);

-- Templates that an administrator has changed.
CREATE TABLE notify_templates (
    kind    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    subject TEXT COLLATE "C" NOT NULL,
    text    TEXT COLLATE "C" NOT NULL,
    by_user TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL -- case time
);
