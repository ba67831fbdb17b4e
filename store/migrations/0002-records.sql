-- The first offset of each partition that is not stored yet; written in the events' own transaction.
CREATE TABLE source_offsets (topic VARCHAR NOT NULL, partition INTEGER NOT NULL, next_offset BIGINT NOT NULL, updated_at BIGINT NOT NULL);

-- What could not be used. `body` is kept only when the configuration asks for it, for it may hold personal data.
CREATE TABLE dead_letters (
  letter_uid VARCHAR NOT NULL, received_at BIGINT NOT NULL,
  source VARCHAR NOT NULL, topic VARCHAR, partition INTEGER, "offset" BIGINT, line BIGINT,
  reason VARCHAR NOT NULL, detail VARCHAR NOT NULL, bytes INTEGER NOT NULL, body VARCHAR,
  published BOOLEAN NOT NULL
);

-- Every change HR reported, oldest first by recorded_at. Days are YYYY-MM-DD.
CREATE TABLE staff_records (
  org_uid VARCHAR NOT NULL, actor_uid VARCHAR NOT NULL, recorded_at BIGINT NOT NULL, ingested_time BIGINT NOT NULL,
  name VARCHAR, email VARCHAR, role VARCHAR, team VARCHAR, manager_uid VARCHAR, actor_type VARCHAR NOT NULL,
  status VARCHAR NOT NULL, hired_on VARCHAR, notice_on VARCHAR, last_working_day VARCHAR, portfolio_size BIGINT
);

-- Each actor's highest sliding count per closed event-time day, in slot order (measure x window).
CREATE TABLE day_peaks (
  actor INTEGER NOT NULL, day INTEGER NOT NULL, role VARCHAR NOT NULL,
  flags INTEGER NOT NULL, peaks INTEGER[] NOT NULL, cusum INTEGER[] NOT NULL
);

-- Actors whose past is to be folded again: a late event, or a notice. Written with its cause, removed with its result.
CREATE TABLE refold_queue (actor INTEGER NOT NULL, from_time BIGINT NOT NULL, cause VARCHAR NOT NULL, at_time BIGINT NOT NULL);

-- The alert as it stands, one row; `body` is the Alert as JSON, the columns are what lists filter by.
CREATE TABLE alerts (
  alert_uid VARCHAR NOT NULL, org_uid VARCHAR NOT NULL, actor_uid VARCHAR NOT NULL,
  detector VARCHAR NOT NULL, detectors VARCHAR[] NOT NULL, severity VARCHAR NOT NULL, status VARCHAR NOT NULL,
  score DOUBLE NOT NULL, leaver BOOLEAN NOT NULL,
  opened_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, detected_at BIGINT NOT NULL, closed_at BIGINT,
  body VARCHAR NOT NULL
);

-- Bearer tokens, SHA-256 of the secret only.
CREATE TABLE api_tokens (
  token_uid VARCHAR NOT NULL, name VARCHAR NOT NULL, role VARCHAR NOT NULL, secret_sha256 VARCHAR NOT NULL,
  org_uid VARCHAR, created_at BIGINT NOT NULL, revoked_at BIGINT
);
