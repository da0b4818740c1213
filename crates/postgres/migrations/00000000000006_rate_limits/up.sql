-- How many requests each key of the account may make. NULL is as many as it likes.
ALTER TABLE account
    ADD COLUMN requests_per_minute bigint DEFAULT 1000 CHECK (requests_per_minute > 0),
    ADD COLUMN requests_per_day bigint DEFAULT 180000 CHECK (requests_per_day > 0);
