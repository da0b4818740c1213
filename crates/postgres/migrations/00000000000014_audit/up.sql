-- What was changed, by whom: what was done in one transaction is one batch. `subjects` are the ids of
-- what was changed, in the order of the lines of `items`, which are JSON; an empty one was not changed
-- after all. No foreign key, which would lock the account's row for each: accounts stay.
CREATE TABLE audit_batch (
    account_id  bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    at          timestamptz NOT NULL,
    subjects    text NOT NULL,
    items       text NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Lines of a batch are much alike. Where the server can, it takes a tenth as long to make them short.
DO $$
BEGIN
    ALTER TABLE audit_batch ALTER COLUMN items SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR syntax_error THEN
    NULL;
END
$$;

-- Batches that wait to be chained: each is here from its own transaction on until it has its link.
CREATE TABLE audit_waiting (
    id            bigint PRIMARY KEY,
    account_id    bigint NOT NULL,
    -- SHA-256 of the items, so that they need not be read to be chained.
    items_digest  bytea NOT NULL CHECK (length(items_digest) = 32)
);

-- The chain of each account.
CREATE TABLE audit_link (
    account_id  bigint NOT NULL,
    position    bigint NOT NULL CHECK (position >= 1),
    batch_id    bigint NOT NULL,
    seal        bytea NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (account_id, position)
);

CREATE UNIQUE INDEX audit_link_of_batch ON audit_link (account_id, batch_id);

-- Nobody changes what was written, or takes it away: not even the owner of the tables by mistake.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is never changed: % of %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_batch_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_batch
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_link_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
