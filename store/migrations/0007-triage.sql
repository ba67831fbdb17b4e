-- Where an alert stands with the analysts, beside its status: what lists filter by. The alert itself is in `body`.
-- No alert was ever settled before, so that `closed_at` is empty everywhere.
ALTER TABLE alerts ADD COLUMN verdict VARCHAR;
ALTER TABLE alerts ADD COLUMN assignee VARCHAR;
ALTER TABLE alerts ADD COLUMN labels VARCHAR[];
UPDATE alerts SET labels = [],
  body = '{"verdict":null,"assignee":null,"labels":[],"version":1,"follows":null,"closed_at":null,' || substr(body, 2);
-- What waits in the outbox tells of alerts as they then stood.
UPDATE deliveries SET
  body = '{"alert":{"verdict":null,"assignee":null,"labels":[],"version":1,"follows":null,"closed_at":null,' || substr(body, 11)
WHERE starts_with(body, '{"alert":{"');

-- What analysts did, for ever and in order: nothing here is changed or deleted. `subject` is an alert, a suppression or
-- an actor; `detail` is what was done, as JSON.
CREATE SEQUENCE audit_seq;
CREATE TABLE audit_log (
  seq BIGINT NOT NULL, done_at BIGINT NOT NULL, org_uid VARCHAR NOT NULL,
  token_uid VARCHAR NOT NULL, token_name VARCHAR NOT NULL,
  subject VARCHAR NOT NULL, subject_uid VARCHAR NOT NULL, detail VARCHAR NOT NULL
);

-- Findings that are not to open alerts, for a reason and until a day. `scope` is JSON; what it holds back is counted.
CREATE TABLE suppressions (
  suppression_uid VARCHAR NOT NULL, org_uid VARCHAR NOT NULL, scope VARCHAR NOT NULL, reason VARCHAR NOT NULL,
  created_by VARCHAR NOT NULL, created_at BIGINT NOT NULL, starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL,
  revoked_by VARCHAR, revoked_at BIGINT, suppressed BIGINT NOT NULL, last_suppressed_at BIGINT
);
