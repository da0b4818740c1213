DROP TABLE sealed_secret;
ALTER TABLE account DROP COLUMN disabled_at;
ALTER TABLE account DROP COLUMN mode;
ALTER TABLE account DROP COLUMN makes_default;
