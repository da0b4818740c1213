-- What a key may be used for, until when, and when it last was. Keys of before may do what they could, and
-- so may those that a program of before makes.
ALTER TABLE api_key ADD COLUMN scopes TEXT NOT NULL DEFAULT 'import,read,manage';
ALTER TABLE api_key ADD COLUMN expires_at TEXT;
ALTER TABLE api_key ADD COLUMN last_used_at TEXT;
