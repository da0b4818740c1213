-- What becomes of a customer's default by an import that does not say; the mode of the vault that all
-- the account's tokens are of; since when it is disabled.
ALTER TABLE account
    ADD COLUMN makes_default boolean NOT NULL DEFAULT false,
    ADD COLUMN mode text CHECK (mode IN ('live', 'test')),
    ADD COLUMN disabled_at timestamptz;

-- Secrets, sealed under keys of their own, which are sealed under a master key that is not here.
CREATE TABLE sealed_secret (
    account_id  bigint NOT NULL REFERENCES account (id),
    name        text NOT NULL,
    master_key  text NOT NULL CHECK (master_key ~ '^[0-9a-f]{16}$'),
    key         bytea NOT NULL,
    secret      bytea NOT NULL,
    PRIMARY KEY (account_id, name)
);

-- A job reads with the key of its own account: the account of the vault says whose that is, unless it is
-- the default account's.
UPDATE import_job SET vault = account_id || CASE vault WHEN '' THEN '' ELSE '/' || vault END
WHERE account_id <> 1;
