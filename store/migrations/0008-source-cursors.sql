-- Where the pulling of a source's log goes on: JSON of its connector's own, written with the rows it brought.
CREATE TABLE source_cursors (source VARCHAR NOT NULL, cursor VARCHAR NOT NULL, updated_at BIGINT NOT NULL);
