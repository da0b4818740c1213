-- What becomes of a customer's default by an import that does not say; the mode of the vault that all
-- the account's tokens are of; since when it is disabled.
ALTER TABLE account ADD COLUMN makes_default INTEGER NOT NULL DEFAULT 0 CHECK (makes_default IN (0, 1));
ALTER TABLE account ADD COLUMN mode TEXT CHECK (mode IN ('live', 'test'));
ALTER TABLE account ADD COLUMN disabled_at TEXT;

-- Secrets, sealed under keys of their own, which are sealed under a master key that is not here.
CREATE TABLE sealed_secret (
    account_id  INTEGER NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    master_key  TEXT NOT NULL CHECK (length(master_key) = 16),
    key         BLOB NOT NULL,
    secret      BLOB NOT NULL,
    PRIMARY KEY (account_id, name)
) WITHOUT ROWID;

-- A job reads with the key of its own account: the account of the vault says whose that is, unless it is
-- the default account's.
UPDATE import_job SET vault = account_id || CASE vault WHEN '' THEN '' ELSE '/' || vault END
WHERE account_id <> 1;
