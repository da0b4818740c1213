CREATE TABLE import_job (
    account_id    bigint NOT NULL REFERENCES account (id),
    id            bigint GENERATED ALWAYS AS IDENTITY,
    -- The account of the vault: empty for our own.
    vault         text NOT NULL,
    cards         text NOT NULL,
    dry_run       boolean NOT NULL,
    reading       text NOT NULL,
    state         text NOT NULL CHECK (state IN ('receiving', 'ready', 'running', 'paused', 'finished',
                                                 'cancelled', 'undoing', 'undone')),
    halt          text,
    rows          bigint NOT NULL,
    settled       bigint NOT NULL,
    canary        bigint,
    vault_calls   bigint NOT NULL,
    lease_worker  text,
    lease_token   bigint NOT NULL DEFAULT 0,
    lease_until   timestamptz,
    created_at    timestamptz NOT NULL,
    started_at    timestamptz,
    finished_at   timestamptz,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT import_job_lease_check CHECK ((lease_worker IS NULL) = (lease_until IS NULL))
);

-- An account of the vault is driven by one worker at a time.
CREATE UNIQUE INDEX import_job_vault ON import_job (vault) WHERE lease_worker IS NOT NULL;

-- What workers look for.
CREATE INDEX import_job_at_work ON import_job (id) WHERE state IN ('running', 'undoing');

CREATE TABLE import_tally (
    account_id  bigint NOT NULL,
    job_id      bigint NOT NULL,
    outcome     text NOT NULL,
    count       bigint NOT NULL,
    PRIMARY KEY (account_id, job_id, outcome),
    FOREIGN KEY (account_id, job_id) REFERENCES import_job (account_id, id)
);

-- A row is updated once, when it is settled: with room on its page, and no index that mentions what
-- is settled, it is so in place. No foreign key, which would look at the job for each of a million
-- rows: they are added under the lock of its row.
CREATE TABLE import_row (
    account_id            bigint NOT NULL,
    job_id                bigint NOT NULL,
    line                  bigint NOT NULL,
    part                  integer NOT NULL,
    customer_id           bigint,
    customer_as_given     text,
    external_customer_id  text COLLATE "C",
    -- Empty where a row leaves the card to the customer, so that two such rows are alike.
    external_card_id      text COLLATE "C",
    -- Whether it is worked on: neither the further part of a row, nor invalid, nor a duplicate.
    is_target             boolean NOT NULL,
    outcome               text,
    field                 text,
    detail                text,
    payment_method_id     bigint,
    undone                boolean NOT NULL,
    PRIMARY KEY (account_id, job_id, line, part)
) WITH (fillfactor = 70);

-- No two rows that are worked on ask for the same; and the order in which they are worked on.
CREATE UNIQUE INDEX import_row_target
    ON import_row (account_id, job_id, external_customer_id, external_card_id, customer_id)
    WHERE is_target;

CREATE TABLE import_scan_piece (
    account_id      bigint NOT NULL,
    job_id          bigint NOT NULL,
    id              integer NOT NULL,
    from_second     bigint NOT NULL,
    to_second       bigint,
    after_customer  text,
    done            boolean NOT NULL,
    PRIMARY KEY (account_id, job_id, id),
    FOREIGN KEY (account_id, job_id) REFERENCES import_job (account_id, id)
);

-- What is deleted is so by a key, or by the undoing of a job.
ALTER TABLE payment_method
    ADD COLUMN deleted_by_job bigint,
    ADD FOREIGN KEY (account_id, deleted_by_job) REFERENCES import_job (account_id, id),
    DROP CONSTRAINT payment_method_deleted_check,
    ADD CONSTRAINT payment_method_deleted_check CHECK (
        (deleted_at IS NULL) = (deleted_by IS NULL AND deleted_by_job IS NULL)
        AND NOT (is_default AND deleted_at IS NOT NULL)
    );
