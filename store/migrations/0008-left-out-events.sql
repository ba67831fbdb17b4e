-- Events that analysts leave out of the counts, for a reason and until a day. Whether an event is left out is settled
-- when it is taken in, and stands in its kind, so that whatever folds it again sees the same.
ALTER TABLE kinds ADD COLUMN excluded BOOLEAN DEFAULT false;
ALTER TABLE suppressions ADD COLUMN effect VARCHAR DEFAULT 'findings';

CREATE OR REPLACE VIEW events AS
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
  e.seq, k.excluded
FROM event_log e
JOIN actors a ON a.code = e.actor
JOIN kinds k ON k.code = e.kind
JOIN origins g ON g.code = e.origin
LEFT JOIN objects o ON o.code = e.object
LEFT JOIN actors w ON w.code = e.owner;
