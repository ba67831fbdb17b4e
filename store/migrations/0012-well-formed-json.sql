-- Halves of surrogate pairs, which JSON.stringify writes as escapes and DuckDB takes in no JSON, become U+FFFD.
UPDATE event_log SET extra = regexp_replace(extra, '\\ud[89a-f][0-9a-f]{2}', '\\ufffd', 'g') WHERE contains(extra, '\ud');
UPDATE alerts SET body = regexp_replace(body, '\\ud[89a-f][0-9a-f]{2}', '\\ufffd', 'g') WHERE contains(body, '\ud');
UPDATE deliveries SET body = regexp_replace(body, '\\ud[89a-f][0-9a-f]{2}', '\\ufffd', 'g') WHERE contains(body, '\ud');
UPDATE audit_log SET detail = regexp_replace(detail, '\\ud[89a-f][0-9a-f]{2}', '\\ufffd', 'g') WHERE contains(detail, '\ud');
UPDATE suppressions SET scope = regexp_replace(scope, '\\ud[89a-f][0-9a-f]{2}', '\\ufffd', 'g') WHERE contains(scope, '\ud');
