-- A row without a status is a claim, held until it expires; with one it is a stored reply.
CREATE TABLE idempotency_reply (
    account_id      INTEGER NOT NULL REFERENCES account (id),
    key             TEXT NOT NULL,
    request_digest  BLOB NOT NULL CHECK (length(request_digest) = 32),
    status          INTEGER,
    body            BLOB,
    expires_at      TEXT NOT NULL,
    PRIMARY KEY (account_id, key),
    CHECK ((status IS NULL) = (body IS NULL))
) STRICT;

CREATE INDEX idempotency_reply_by_expiry ON idempotency_reply (expires_at);
