-- The program of before would let each key do everything, for good. So keys that may not are revoked.
UPDATE api_key SET revoked_at = now()
WHERE revoked_at IS NULL AND (expires_at IS NOT NULL OR scopes NOT LIKE 'import,read,manage%');

ALTER TABLE api_key DROP COLUMN last_used_at;
ALTER TABLE api_key DROP COLUMN expires_at;
ALTER TABLE api_key DROP COLUMN scopes;
