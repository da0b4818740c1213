-- A row without a status is a claim, held until it expires; with one it is a stored reply.
CREATE TABLE idempotency_reply (
    account_id      bigint NOT NULL REFERENCES account (id),
    key             text NOT NULL,
    request_digest  bytea NOT NULL CHECK (length(request_digest) = 32),
    status          integer,
    body            bytea,
    expires_at      timestamptz NOT NULL,
    PRIMARY KEY (account_id, key),
    CHECK ((status IS NULL) = (body IS NULL))
);

CREATE INDEX idempotency_reply_by_expiry ON idempotency_reply (expires_at);
