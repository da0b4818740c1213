-- What a key may be used for, until when, and when it last was. Keys of before may do what they could, and
-- so may those that a program of before makes.
ALTER TABLE api_key ADD COLUMN scopes text NOT NULL DEFAULT 'import,read,manage';
ALTER TABLE api_key ADD COLUMN expires_at timestamptz;
ALTER TABLE api_key ADD COLUMN last_used_at timestamptz;
