-- Dictionaries. Codes are dense integers from 0, given out by the process in the order of first
-- sight; `hash_lo`/`hash_hi` let the process find a code again without keeping the text in memory.
CREATE TABLE actors (code INTEGER NOT NULL, org_uid VARCHAR NOT NULL, actor_uid VARCHAR NOT NULL);
CREATE TABLE objects (code INTEGER NOT NULL, hash_lo INTEGER NOT NULL, hash_hi INTEGER NOT NULL,
                      org_uid VARCHAR NOT NULL, object_uid VARCHAR NOT NULL);
-- What kind of operation: the columns that take few values together, stored once per combination.
CREATE TABLE kinds (
  code INTEGER NOT NULL,
  source VARCHAR NOT NULL,
  source_product VARCHAR, source_event_type VARCHAR,
  actor_type VARCHAR NOT NULL, action VARCHAR NOT NULL, object_type VARCHAR NOT NULL,
  object_uids_complete BOOLEAN NOT NULL, record_count_basis VARCHAR NOT NULL,
  has_contact_fields BOOLEAN, channel VARCHAR, client_app VARCHAR, export_format VARCHAR,
  outcome VARCHAR NOT NULL
);
-- Where it came from: address, browser, session, device.
CREATE TABLE origins (code INTEGER NOT NULL, hash_lo INTEGER NOT NULL, hash_hi INTEGER NOT NULL,
                      src_ip VARCHAR, user_agent VARCHAR, session_uid VARCHAR, device_uid VARCHAR);

-- One row per accepted event. `seq` counts up in the order of arrival and breaks ties of `time`.
-- The rarely used fields travel as JSON text in `extra`.
CREATE TABLE event_log (
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  ingested_time BIGINT NOT NULL,
  actor INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  object INTEGER,
  owner INTEGER,
  record_count INTEGER,
  event_uid VARCHAR NOT NULL,
  objects INTEGER[],
  extra VARCHAR
);

CREATE VIEW events AS
SELECT
  e.event_uid,
  make_timestamp(e.time * 1000) AS time,
  make_timestamp(e.ingested_time * 1000) AS ingested_time,
  a.org_uid, k.source, k.source_product, k.source_event_type,
  a.actor_uid, e.extra->>'actor_name' AS actor_name, k.actor_type,
  e.extra->>'on_behalf_of_uid' AS on_behalf_of_uid,
  k.action, k.object_type,
  CASE
    WHEN e.objects IS NOT NULL THEN (SELECT list(m.object_uid ORDER BY u.n) FROM
      (SELECT unnest(e.objects) AS code, generate_subscripts(e.objects, 1) AS n) u JOIN objects m ON m.code = u.code)
    WHEN o.object_uid IS NOT NULL THEN [o.object_uid]
    ELSE []::VARCHAR[]
  END AS object_uids,
  k.object_uids_complete, e.record_count, k.record_count_basis,
  e.extra->>'logical_op_uid' AS logical_op_uid, (e.extra->>'chunk_seq')::BIGINT AS chunk_seq,
  CASE
    WHEN (e.extra->'owner_uids') IS NOT NULL THEN (e.extra->'owner_uids')::VARCHAR[]
    WHEN w.actor_uid IS NOT NULL THEN [w.actor_uid]
    ELSE []::VARCHAR[]
  END AS owner_uids,
  coalesce((e.extra->'columns')::VARCHAR[], []::VARCHAR[]) AS columns,
  k.has_contact_fields, k.channel,
  g.src_ip, g.user_agent, g.session_uid, g.device_uid, k.client_app,
  coalesce((e.extra->'recipient_uids')::VARCHAR[], []::VARCHAR[]) AS recipient_uids,
  e.extra->>'query_text' AS query_text, k.export_format, (e.extra->>'bytes')::BIGINT AS bytes,
  k.outcome, e.extra->>'raw_ref' AS raw_ref,
  e.seq
FROM event_log e
JOIN actors a ON a.code = e.actor
JOIN kinds k ON k.code = e.kind
JOIN origins g ON g.code = e.origin
LEFT JOIN objects o ON o.code = e.object
LEFT JOIN actors w ON w.code = e.owner;
