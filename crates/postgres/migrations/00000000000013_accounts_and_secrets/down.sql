DROP TABLE sealed_secret;
ALTER TABLE account DROP COLUMN makes_default, DROP COLUMN mode, DROP COLUMN disabled_at;
