-- Where the pulling of a source's log goes on: JSON of its connector's own, written with the rows it brought.
CREATE TABLE source_cursors (source VARCHAR NOT NULL, cursor VARCHAR NOT NULL, updated_at BIGINT NOT NULL);

-- Which staff member a user of a source's CRM is, as handed in over HTTP.
CREATE TABLE source_users (source VARCHAR NOT NULL, native_uid VARCHAR NOT NULL, actor_uid VARCHAR NOT NULL);
