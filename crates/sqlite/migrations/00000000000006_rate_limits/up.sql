-- How many requests each key of the account may make. NULL is as many as it likes.
ALTER TABLE account ADD COLUMN requests_per_minute INTEGER DEFAULT 1000 CHECK (requests_per_minute > 0);
ALTER TABLE account ADD COLUMN requests_per_day INTEGER DEFAULT 180000 CHECK (requests_per_day > 0);
