ALTER TABLE account DROP COLUMN requests_per_minute, DROP COLUMN requests_per_day;
