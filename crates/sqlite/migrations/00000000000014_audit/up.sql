-- What was changed, by whom: what was done in one transaction is one batch. `subjects` are the ids of
-- what was changed, in the order of the lines of `items`, which are JSON; an empty one was not changed
-- after all.
CREATE TABLE audit_batch (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    at          TEXT NOT NULL,
    subjects    TEXT NOT NULL,
    items       TEXT NOT NULL
) STRICT;

CREATE INDEX audit_batch_of_account ON audit_batch (account_id, id);

-- Batches that wait to be chained: each is here from its own transaction on until it has its link.
CREATE TABLE audit_waiting (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL,
    -- SHA-256 of the items, so that they need not be read to be chained.
    items_digest  BLOB NOT NULL CHECK (length(items_digest) = 32)
) STRICT;

-- The chain of each account.
CREATE TABLE audit_link (
    account_id  INTEGER NOT NULL,
    position    INTEGER NOT NULL CHECK (position >= 1),
    batch_id    INTEGER NOT NULL,
    seal        BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (account_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX audit_link_of_batch ON audit_link (account_id, batch_id);

-- Nobody changes what was written, or takes it away by mistake.
CREATE TRIGGER audit_batch_is_not_updated BEFORE UPDATE ON audit_batch
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_batch_is_not_deleted BEFORE DELETE ON audit_batch
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_link_is_not_updated BEFORE UPDATE ON audit_link
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_link_is_not_deleted BEFORE DELETE ON audit_link
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
