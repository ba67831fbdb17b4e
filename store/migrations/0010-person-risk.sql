-- The day's risk as a score in hundredths, as it was judged on that day, for the history of a person's risk.
ALTER TABLE day_peaks ADD COLUMN score INTEGER DEFAULT 0;
