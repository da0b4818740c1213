ALTER TABLE account DROP COLUMN requests_per_day;
ALTER TABLE account DROP COLUMN requests_per_minute;
