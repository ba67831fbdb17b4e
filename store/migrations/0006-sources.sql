-- What became of a source's rows so far. `outcome` is accepted or duplicate (events), ignored or rejected (rows);
-- `word` the log's type of what was ignored, the reason of what was rejected, else empty.
CREATE TABLE source_rows (source VARCHAR NOT NULL, outcome VARCHAR NOT NULL, word VARCHAR NOT NULL, rows BIGINT NOT NULL);

-- The hours of the wall clock (counted from 1970) in which a source delivered: its habit, and when it was last heard of.
CREATE TABLE source_hours (
  source VARCHAR NOT NULL, hour INTEGER NOT NULL, rows BIGINT NOT NULL, last_arrival BIGINT NOT NULL, newest_event BIGINT
);

-- How far a file has been taken: the number of pieces and of records. `name` is null for imported files.
CREATE TABLE source_files (
  source VARCHAR NOT NULL, file_uid VARCHAR NOT NULL, name VARCHAR, pieces BIGINT NOT NULL, records BIGINT NOT NULL,
  state VARCHAR NOT NULL, reason VARCHAR, updated_at BIGINT NOT NULL
);

-- Users of the CRM that the source's user map does not know.
CREATE TABLE source_unmapped (
  source VARCHAR NOT NULL, native_uid VARCHAR NOT NULL, rows BIGINT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL
);
