-- The outbox: what is to be told to whom. Rows are written in the transaction of the alert that they tell of, and stay
-- as a record once they are done. `lane`: within a channel one lane is told in the order of `seq`. A lane is open as
-- soon as one of its rows is due. `message_uid` is the key under which the other side sees the row, the same at every
-- attempt; rows that go out as one message share it. `body` is what is to be told, as JSON, and goes when it is done.
CREATE TABLE deliveries (
  delivery_uid VARCHAR NOT NULL, message_uid VARCHAR, seq BIGINT NOT NULL, channel VARCHAR NOT NULL, lane VARCHAR NOT NULL,
  reason VARCHAR NOT NULL, org_uid VARCHAR, alert_uid VARCHAR, severity VARCHAR,
  status VARCHAR NOT NULL, created_at BIGINT NOT NULL, due_at BIGINT NOT NULL, next_attempt_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL, last_attempt_at BIGINT, finished_at BIGINT, failure VARCHAR, answer_status INTEGER,
  repeat_after_ms BIGINT, repeats INTEGER NOT NULL, body VARCHAR
);
